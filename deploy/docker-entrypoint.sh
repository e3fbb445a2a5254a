#!/usr/bin/env bash
# What a container runs before its command, as in Kong's image: files with secrets become settings, the gateway stays in
# the foreground, and `kong docker-start`, which is no command of kong's own, starts it.
set -euo pipefail

export KONG_NGINX_DAEMON=${KONG_NGINX_DAEMON:-off}

# KONG_X_FILE names a file that holds KONG_X, such as a secret of Docker or Kubernetes.
settings_from_files() {
  local file_variable variable file
  for file_variable in "${!KONG_@}" "${!GW_@}"; do
    case $file_variable in
      # Directives of nginx may end in _file themselves; no database is there to give its password to.
      KONG_NGINX_* | KONG_PG_*) continue ;;
      *_FILE) ;;
      *) continue ;;
    esac
    variable=${file_variable%_FILE}
    file=${!file_variable}
    [[ -n $file ]] || continue
    if [[ -n ${!variable:-} ]]; then
      echo "error: both $variable and $file_variable are set (but are exclusive)" >&2
      exit 1
    fi
    if [[ ! -r $file ]]; then
      echo "error: $file_variable: cannot read $file" >&2
      exit 1
    fi
    export "$variable=$(<"$file")"
    unset "$file_variable"
  done
}

case ${1:-} in
  kong | gw) settings_from_files ;;
esac

if [[ ${1:-} == kong && ${2:-} == docker-start ]]; then
  exec kong start "${@:3}"
fi
exec "$@"
