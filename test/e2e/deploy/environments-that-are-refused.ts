// Environments that cannot run here as they are: those with a database, and those with plugins of their own in Lua.
import {
  ADMIN,
  ADMIN_TLS,
  onPostgres,
  PROXY,
  PROXY_TLS,
  TO_STREAMS,
  withoutDatabase,
  type Environment,
} from './environments.js'

const COMPOSE = 'docker-compose.yml'
const PASSWORD = { KONG_PG_PASSWORD: 'a-made-up-password' }
const PASSWORD_FILE = { KONG_PG_PASSWORD_FILE: '/run/secrets/kong_postgres_password' }
const GUI = { KONG_ADMIN_GUI_URL: 'http://localhost:8002' }

export const ENVIRONMENTS_ON_POSTGRES: readonly Environment[] = [
  onPostgres('Kirachon/Visualization', 'infrastructure/docker/docker-compose.yml', {
    ...TO_STREAMS,
    ...ADMIN,
    ...PASSWORD,
    ...GUI,
    KONG_PG_DATABASE: 'kong',
  }),
  onPostgres('M-KIS-Athena-AI/Athena-Gateway', 'docker/docker-compose.yml', {
    ...TO_STREAMS,
    ...PROXY_TLS,
    ...ADMIN_TLS,
    ...PASSWORD,
    KONG_PG_DATABASE: 'kong',
    KONG_DECLARATIVE_CONFIG: '/etc/kong/kong.yml',
    KONG_LOG_LEVEL: 'info',
  }),
  onPostgres('Mir00r/X-Form-Backend', 'infrastructure/containers/docker-compose-v2.yml', {
    ...TO_STREAMS,
    ...PROXY,
    ...ADMIN,
    ...PASSWORD,
    ...GUI,
    KONG_PG_DATABASE: 'kong',
    KONG_ADMIN_GUI_LISTEN: '0.0.0.0:8002',
    KONG_PLUGINS: 'bundled,prometheus',
  }),
  onPostgres('PrivateAIM/node-kong-setup', COMPOSE, {
    ...TO_STREAMS,
    ...PROXY,
    ...ADMIN,
    ...PASSWORD_FILE,
    KONG_PG_DATABASE: 'kong',
    KONG_ADMIN_GUI_LISTEN: '0.0.0.0:8002',
    KONG_PREFIX: '/var/run/kong',
  }),
  onPostgres('akyriako/ipquery', 'deploy/kong/docker-compose.yml', {
    ...TO_STREAMS,
    ...PROXY_TLS,
    ...ADMIN_TLS,
    ...PASSWORD,
    ...GUI,
    KONG_PG_DATABASE: 'kong',
    KONG_ADMIN_GUI_LISTEN: '0.0.0.0:8002',
    KONG_ADMIN_GUI_AUTH: 'basic-auth',
    KONG_PASSWORD: 'another-made-up-password',
  }),
  onPostgres('devfullcycle/live-imersao-18-api-gateway-kong', 'docker-compose.yaml', {
    ...TO_STREAMS,
    ...ADMIN,
    ...PASSWORD,
    ...GUI,
    KONG_PG_DATABASE: 'kong',
    KONG_DECLARATIVE_CONFIG: '/kong/declarative/kong.yaml',
  }),
  onPostgres('ivanRylach/hello-grpc-gateway', 'docker-compose.yaml', {
    ...TO_STREAMS,
    ...ADMIN,
    ...PASSWORD_FILE,
    KONG_PG_DATABASE: 'kong',
    KONG_CASSANDRA_CONTACT_POINTS: 'database.test',
  }),
  onPostgres('ruddra/security-in-microservice', 'docker-compose-kong.yml', {
    ...ADMIN,
    ...PASSWORD,
    KONG_PROXY_LISTEN: '0.0.0.0:8000 http2',
    KONG_PROXY_LISTEN_SSL: '0.0.0.0:8443 http2',
    KONG_DECLARATIVE_CONFIG: '/opt/kong/kong.yaml',
    KONG_SSL_CERT: '/ssl/server.crt',
    KONG_SSL_CERT_KEY: '/ssl/server.key',
  }),
]

export interface OwnPlugin {
  readonly environment: Environment
  /** The first plugin that is not Kong's. */
  readonly plugin: string
}

export const ENVIRONMENTS_WITH_LUA_PLUGINS: readonly OwnPlugin[] = [
  {
    plugin: 'ddtrace',
    environment: withoutDatabase(
      'DataDog/kong-plugin-ddtrace',
      'examples/log_injection/docker-compose.yml',
      '/kong/declarative/kong.yaml',
      {
        ...TO_STREAMS,
        ...ADMIN,
        ...GUI,
        KONG_LOG_LEVEL: 'info',
        KONG_LUA_PACKAGE_PATH: '/tmp/custom_plugins/?.lua;;',
        KONG_PLUGINS: 'bundled,ddtrace',
      },
    ),
  },
  {
    plugin: 'authn-kong',
    environment: withoutDatabase(
      'EchoSkorJjj/IS213-Education-Helper',
      'deployment/docker/docker-compose.yml',
      '/etc/kong/kong.yml',
      {
        KONG_PG_HOST: 'database.test',
        KONG_PG_USER: 'kong',
        KONG_PG_PASSWORD_FILE: '/run/secrets/kong_db_password',
        KONG_PLUGINS: 'bundled,authn-kong,rawstring-adapter',
        KONG_SSL_CERT: '/etc/kong/ssl/kong.crt',
        KONG_SSL_CERT_KEY: '/etc/kong/ssl/kong.key',
      },
    ),
  },
  {
    plugin: 'ping-auth',
    environment: withoutDatabase(
      'ID-Partners/idp-ping-auth-devops-examples',
      COMPOSE,
      '/kong/declarative/kong.yaml',
      {
        ...PROXY_TLS,
        ...ADMIN_TLS,
        ...GUI,
        KONG_LOG_LEVEL: 'debug',
        KONG_PLUGINS: 'bundled,ping-auth',
        KONG_SSL_CERT: '/etc/kong/certs/kong.crt',
        KONG_SSL_CERT_KEY: '/etc/kong/certs/kong.key',
        KONG_SSL_CLIENT_CERTIFICATE: '/etc/kong/certs/ca.crt',
        KONG_LUA_SSL_TRUSTED_CERTIFICATE: 'system',
      },
    ),
  },
  {
    plugin: 'oauth-proxy',
    environment: withoutDatabase(
      'gary-archer/oauth.tokenhandler.docker',
      'deployment/docker-local/docker-compose.yml',
      '/usr/local/kong/declarative/kong.yml',
      {
        KONG_PROXY_LISTEN: '0.0.0.0:8000 ssl',
        KONG_SSL_CERT: '/usr/local/share/certs/authsamples-dev.ssl.pem',
        KONG_SSL_CERT_KEY: './usr/local/share/certs/authsamples-dev.ssl.key',
        KONG_LUA_SSL_TRUSTED_CERTIFICATE: './usr/local/share/certs/authsamples-dev.ca.pem',
        KONG_LOG_LEVEL: 'info',
        KONG_PLUGINS: 'bundled,oauth-proxy',
        KONG_NGINX_PROXY_PROXY_BUFFERS: '16 64k',
        KONG_NGINX_PROXY_PROXY_BUFFER_SIZE: '64k',
        KONG_NGINX_PROXY_LARGE_CLIENT_HEADER_BUFFERS: '16 64k',
      },
    ),
  },
  {
    plugin: 'introspect',
    environment: withoutDatabase(
      'tuanta7/kong-demo',
      'kong/docker-compose.dbless.yml',
      '/kong/declarative/kong.yml',
      {
        ...TO_STREAMS,
        ...ADMIN,
        ...GUI,
        KONG_PREFIX: '/var/run/kong',
        KONG_PLUGINS: 'bundled, introspect, prometheus',
        KONG_STATUS_LISTEN: '0.0.0.0:8100',
        KONG_LOG_LEVEL: 'debug',
      },
    ),
  },
]
