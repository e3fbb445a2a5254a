// Configuration of key-auth-enc: that of key-auth.
export { keyAuthSchema as schema } from 'gw/plugin'
