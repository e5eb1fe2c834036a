# SPDX-License-Identifier: AGPL-3.0-or-later
# shellcheck shell=bash
#
# What packaging/install-deps, check and demo share. Source it; it changes to
# the root of the sources.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export LC_ALL=C.UTF-8
ROOT=$PWD
BUILD=${PLATEN_BUILD:-$ROOT/build} # one folder below it per preset
LOGS=$BUILD/logs

# --- packages of Debian 12 ---------------------------------------------------
# shellcheck disable=SC2034

BUILD_PACKAGES=(
	build-essential cmake ninja-build pkg-config
	ca-certificates # whom to believe on the web
	libuv1-dev libcurl4-gnutls-dev libgnutls28-dev libcups2-dev # printers
	libsqlite3-dev libsodium-dev libzstd-dev libxxhash-dev      # db, spool
	libmicrohttpd-dev libjansson-dev libinih-dev                # server
	libgmime-3.0-dev libxml2-dev libseccomp-dev                 # the worker
	libcmark-gfm-dev libcmark-gfm-extensions-dev
	libpango1.0-dev libcairo2-dev libharfbuzz-dev libfreetype-dev
	libjpeg62-turbo-dev libpng-dev zlib1g-dev libdeflate-dev libbrotli-dev
	libgif-dev libtiff-dev libwebp-dev libheif-dev liblcms2-dev librsvg2-dev
	libmupdf-dev libmujs-dev libgumbo-dev libopenjp2-7-dev libjbig2dec0-dev
	libpoppler-glib-dev
	check # tests are part of the build
)
FONT_PACKAGES=(
	fonts-dejavu-core fonts-noto-core fonts-noto-cjk fonts-noto-color-emoji
	# As wide as Word's own: Arial, Times and Courier, Calibri, Cambria.
	fonts-liberation fonts-crosextra-carlito fonts-crosextra-caladea
	fonts-symbola # emoji in black, where colour cannot be had: Office files
	poppler-data # the character sets of fonts that a PDF only names
)
DEMO_PACKAGES=(
	cups-ipp-utils dbus-daemon swaks curl python3 util-linux passwd
	chromium-headless-shell # HTML; without it HTML is printed as text
)
CHECK_PACKAGES=(
	clang-14 clang-format-14 libfuzzer-14-dev libclang-rt-14-dev
	python3-pytest python3-pil sqlite3 openssl
	postfix # its smtp-source sends mail; benchmarks run beside it
	systemd passwd # starts the unit, in a machine of its own
	libreoffice-writer-nogui libreoffice-calc-nogui libreoffice-impress-nogui
	libreoffice-math-nogui # formulas in letters
	ghostscript mupdf-tools poppler-utils qpdf libjpeg-turbo-progs lprint
)

is_installed()
{
	[ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# apt's own words go to a log; a line for each package to the reader.
apt_install()
{
	local log=$LOGS/apt.log total

	mkdir -p "$LOGS"
	export DEBIAN_FRONTEND=noninteractive
	# Postfix is a tool of the tests here, and no mail server of this machine.
	echo "postfix postfix/main_mailer_type select No configuration" |
		debconf-set-selections
	echo "  reading the package lists"
	apt-get update -q >"$log" 2>&1 || { tail -n 5 "$log"; return 1; }
	total=$(apt-get install -s -q --no-install-recommends "$@" |
		grep -c '^Inst') || true
	echo "  $total packages to install; apt's words are in $log"
	apt-get install -y -q --no-install-recommends "$@" 2>&1 |
		tee -a "$log" |
		awk -v total="$total" '
			/^Get:/ { if (++got % 25 == 0)
				{ print "  fetched " got; fflush() } }
			/^Setting up / { n++; if (n % 10 == 0 || n == total)
				{ print "  installed " n " of " total; fflush() } }' ||
		{ tail -n 15 "$log"; return 1; }
}

install_packages()
{
	local missing=() package

	for package in "$@"; do
		is_installed "$package" || missing+=("$package")
	done
	if [ ${#missing[@]} -eq 0 ]; then
		echo "  nothing to install: all $# packages are here"
		return 0
	fi
	if [ "$(id -u)" -ne 0 ]; then
		echo "  these packages are missing; install them as root:" >&2
		echo "    apt-get install --no-install-recommends ${missing[*]}" >&2
		return 1
	fi
	echo "  missing: ${missing[*]}"
	apt_install "${missing[@]}"
}

# --- building ----------------------------------------------------------------

# build PRESET [-DVAR=...]... [-- TARGET...]: quiet unless it fails
build()
{
	local preset=$1 settings=() log
	shift
	while [ $# -gt 0 ] && [ "$1" != -- ]; do
		settings+=("$1")
		shift
	done
	[ $# -gt 0 ] && shift

	mkdir -p "$LOGS"
	log=$LOGS/build-$preset.log
	if ! cmake --preset "$preset" -B "$BUILD/$preset" "${settings[@]}" \
			>"$log" 2>&1; then
		tail -n 30 "$log"
		return 1
	fi
	if ! ninja -C "$BUILD/$preset" "$@" 2>&1 | tee -a "$log" |
			sed -un 's/^\[\([0-9]*\)\/\([0-9]*\)\].*/\1 \2/p' |
			awk '$1 > 0 && ($1 % 40 == 0 || $1 == $2) {
				print "  built " $1 " of " $2; fflush() }'; then
		grep -A 25 -m 1 'FAILED' "$log" || tail -n 30 "$log"
		return 1
	fi
}

# --- telling -----------------------------------------------------------------

if [ -t 1 ]; then
	BOLD=$'\e[1m' PLAIN=$'\e[0m'
else
	BOLD='' PLAIN=''
fi

title()
{
	printf '\n%s== %s%s\n' "$BOLD" "$*" "$PLAIN"
}

die()
{
	echo "$(basename "$0"): $*" >&2
	exit 1
}

elapsed()
{
	printf '%d:%02d' $(($1 / 60)) $(($1 % 60))
}
