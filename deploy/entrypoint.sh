#!/bin/sh
# Reads every secret that is given as a file (NAME_FILE) into NAME, then starts the command.
set -eu
for variable in $(env | sed -n 's/^\([A-Z_]*\)_FILE=.*/\1/p'); do
    file=$(printenv "${variable}_FILE")
    if [ ! -r "$file" ]; then
        echo "entrypoint: ${variable}_FILE names $file, which cannot be read" >&2
        exit 1
    fi
    export "$variable=$(cat "$file")"
done
exec "$@"
