#!/bin/sh
# Installs the programs named as arguments through apt-get, those that are missing. Each is its package's name, too,
# unless the package follows: ab=apache2-utils. A path stands for a file instead of a program.
set -eu

missing=''
for wanted in "$@"; do
  have=${wanted%%=*}
  case $have in
    /*) test -e "$have" ;;
    # Servers live in /usr/sbin, which is not on everybody's PATH.
    *) PATH="$PATH:/usr/sbin" command -v "$have" >/dev/null ;;
  esac || missing="$missing ${wanted#*=}"
done
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null; then
  echo "please install:$missing" >&2
  exit 1
fi
sudo=''
if [ "$(id -u)" -ne 0 ] && command -v sudo >/dev/null; then sudo='sudo'; fi
$sudo apt-get update -qq
# No service is to start: tests and measurements run their own on free ports.
# shellcheck disable=SC2086 # a list of names, none with spaces
$sudo env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -qq --no-install-recommends $missing >/dev/null
