#!/usr/bin/env bash
# Browser tests need Chromium. Use what is there; install it through apt where we may; else say that they are skipped.
set -euo pipefail
for name in chromium chromium-browser google-chrome google-chrome-stable; do
  command -v "$name" >/dev/null && exit 0
done
[ -x "${BOXWRIGHT_CHROMIUM:-}" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null && exit 0
fi
echo "No Chromium found: browser tests will be skipped. Install it, or set BOXWRIGHT_CHROMIUM to its program."
