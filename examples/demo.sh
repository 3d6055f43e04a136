#!/usr/bin/env bash
# Shows the gate on two projects: one it blocks and one it lets pass. Fails unless it does exactly that.
# usage: examples/demo.sh path/to/tagwright
set -uo pipefail
unset TAGWRIGHT_DICTIONARY TAGWRIGHT_TODAY  # the shipped dictionary, today
tagwright=$(realpath "${1:-tagwright}")
cd "$(dirname "$0")" || exit 2

show() { # folder, expected exit code
  printf '\n$ cd examples/%s && tagwright check\n' "$1"
  (cd "$1" && "$tagwright" check)
  local code=$?
  printf '(exit code %s)\n' "$code"
  if [ "$code" -ne "$2" ]; then
    printf 'demo: expected exit code %s\n' "$2" >&2
    exit 1
  fi
}

show blocked-terraform 1
show clean-terraform 0
