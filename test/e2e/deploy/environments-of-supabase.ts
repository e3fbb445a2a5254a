// Supabase and what was made from it: Kong's commonest set-up without a database. Each writes its declarative file from
// a template before it starts.
import { withoutDatabase, type Environment } from './environments.js'

const COMPOSE = 'docker-compose.yml'
const COMMON = {
  KONG_DNS_ORDER: 'LAST,A,CNAME',
  KONG_NGINX_PROXY_PROXY_BUFFER_SIZE: '160k',
  KONG_NGINX_PROXY_PROXY_BUFFERS: '64 160k',
}
const PLUGINS = 'request-transformer,cors,key-auth,acl,basic-auth'

export const ENVIRONMENTS_OF_SUPABASE: readonly Environment[] = [
  withoutDatabase(
    'BenIsenstein/supabase-on-railway',
    COMPOSE,
    '/home/kong/kong.yml',
    {
      ...COMMON,
      KONG_PROXY_LISTEN: '[::]:8000 reuseport backlog=16384, 0.0.0.0:8000 reuseport backlog=16384',
      KONG_STATUS_LISTEN: '[::]:8100, 0.0.0.0:8100',
      KONG_PLUGINS: PLUGINS,
      KONG_NGINX_WORKER_PROCESSES: '2',
    },
    { health: 'status /status' },
  ),
  withoutDatabase('a-mazalov/supa-capgo', COMPOSE, '/home/kong/kong.yml', {
    ...COMMON,
    KONG_PLUGINS: `${PLUGINS},request-termination,ip-restriction`,
  }),
  withoutDatabase('ahmedhussienvax/supabase-hardened-universal', COMPOSE, '/home/kong/kong.yml', {
    ...COMMON,
    KONG_PORT_MAPS: '443:8000',
    KONG_PLUGINS: `${PLUGINS},request-termination`,
    KONG_TRUSTED_IPS: '172.16.0.0/12, 10.0.0.0/8',
    KONG_REAL_IP_HEADER: 'X-Forwarded-For',
    KONG_STORAGE_CONNECT_TIMEOUT: '60',
    KONG_STORAGE_WRITE_TIMEOUT: '3600',
    KONG_STORAGE_READ_TIMEOUT: '3600',
    KONG_STORAGE_REQUEST_BUFFERING: 'false',
    KONG_STORAGE_RESPONSE_BUFFERING: 'false',
  }),
  withoutDatabase('elestio-examples/supabase', COMPOSE, '/home/kong/kong.yml', {
    ...COMMON,
    KONG_PLUGINS: PLUGINS,
  }),
  withoutDatabase('supabase/supabase', 'docker/docker-compose.yml', '/home/kong/kong.yml', {
    ...COMMON,
    KONG_PLUGINS: `${PLUGINS},request-termination,ip-restriction`,
  }),
]
