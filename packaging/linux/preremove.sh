#!/bin/sh
# Takes away what cuda-pack added; an update keeps it. dpkg says "remove", rpm
# the number of versions that stay.
case "${1:-}" in
remove|0) /usr/lib/picasso/cuda-pack remove ;;
esac
