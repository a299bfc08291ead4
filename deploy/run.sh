#!/bin/sh
# What a container of the image does: `run.sh slice <words for playwright test>`, `run.sh coordinator`, or
# `run.sh merge`. Everything else comes from the environment (deploy/README.md).
set -eu
cd "$(dirname "$0")/.."

# A checkout has the sources, the image the package that is built of them.
if [ -e merge.config.ts ]; then
  merge=merge.config.ts
  loadwright='--import tsx fixtures/commands/loadwright.ts'
else
  merge=merge.config.js
  loadwright=node_modules/loadwright/dist/fixtures/commands/loadwright.js
fi

role="${1:?slice, coordinator or merge}"
shift
blobs="${BLOBS:-reports/blobs/${LOAD_RUN_ID:-}}"

case "$role" in
  slice)
    # An Indexed Job counts from 0, slices from 1.
    number=$((${JOB_COMPLETION_INDEX:?is set by an Indexed Job: 0, 1, …} + 1))
    slices="${SLICES:?how many slices there are}"
    export LOAD_SLICE="$number/$slices"
    export PLAYWRIGHT_BLOB_OUTPUT_FILE="$blobs/slice-$number-of-$slices.zip"
    if [ -e "$PLAYWRIGHT_BLOB_OUTPUT_FILE" ]; then
      echo "$PLAYWRIGHT_BLOB_OUTPUT_FILE: is of an earlier run; BLOBS wants a folder of this run's own" >&2
      exit 2
    fi
    mkdir -p "$blobs"
    set -- test --reporter=blob "$@"
    ;;
  merge)
    set -- merge-reports --config=$merge "$blobs"
    ;;
  coordinator)
    # shellcheck disable=SC2086 # these are words
    exec node $loadwright coordinator --host "${COORDINATOR_HOST:-0.0.0.0}" "$@"
    ;;
  *)
    echo "run.sh $role: accepted are slice, coordinator and merge" >&2
    exit 2
    ;;
esac
# In place of the shell: a SIGTERM ends the load in good order.
exec node node_modules/@playwright/test/cli.js "$@"
