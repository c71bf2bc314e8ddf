#!/bin/sh
# Stands in for a daemon that refuses its settings.
echo "none.yaml:1:1: no such settings"
exit 1
