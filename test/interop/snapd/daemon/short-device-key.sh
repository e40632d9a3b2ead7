#!/bin/bash
# Stands in for ssh-keygen, with which snapd makes the key of its device: a key of half the length, in a tenth of the time.
while [ $# -gt 0 ]; do
  [ "$1" != -f ] || file=$2
  shift
done
exec openssl genrsa -traditional -out "$file" 2048
