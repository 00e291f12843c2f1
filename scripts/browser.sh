#!/usr/bin/env bash
# Browser tests need Chromium. Use what is there; install it through apt where we may; else say that they are skipped.
# Without its windows where Debian has that: each page of a test takes a third of the processor time.
set -euo pipefail
for name in chromium-headless-shell chromium chromium-browser google-chrome google-chrome-stable; do
  command -v "$name" >/dev/null && exit 0
done
[ -x "${BOXWRIGHT_CHROMIUM:-}" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq || true
  for name in chromium-headless-shell chromium; do
    apt-get install -y -qq --no-install-recommends "$name" >/dev/null 2>&1 && exit 0
  done
fi
echo "No Chromium found: browser tests will be skipped. Install it, or set BOXWRIGHT_CHROMIUM to its program."
