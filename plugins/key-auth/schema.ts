// Configuration of key-auth.
export { keyAuthSchema as schema } from 'gw/plugin'
