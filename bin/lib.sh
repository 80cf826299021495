# Shared by bin/demo and bin/test: says what is missing on this machine, installs it, and finds
# the programs that Debian keeps off PATH. Sourced, never run.
# shellcheck shell=bash

RUST_MINIMUM=1.94
# Installed where Rust is missing or too old: the release whose lints and formatting the code follows.
RUST_TESTED=1.95.0
REDIS_MINIMUM=7.0
POSTGRES_MINIMUM=14

# Everything that is downloaded or generated lives below target/, so removing it starts afresh.
TARGET_DIR=${CARGO_TARGET_DIR:-target}
TOOLS_DIR=$TARGET_DIR/tools

missing_packages=()
missing_reasons=()

say() { printf '%s\n' "$*"; }

die() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# at_least 1.94 1.95.0: true when the second version is not older than the first.
at_least() { [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$1" ]; }

# Runs a command as root: directly, or through sudo, which may ask only on a terminal.
as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif ! have sudo; then
    die "this needs root and sudo is not installed; as root, run: $*"
  elif [ -t 0 ]; then
    sudo "$@"
  else
    sudo -n "$@" || die "this needs root and sudo asks for a password; as root, run: $*"
  fi
}

# want PACKAGE REASON: remembers a Debian package for the next install_missing.
want() {
  missing_packages+=("$1")
  missing_reasons+=("$2")
}

# Path of the newest Postgres server program: PATH first, then the distribution's folders.
find_postgres() {
  if have postgres; then
    command -v postgres
    return
  fi
  local candidates
  candidates=$(find /usr/lib/postgresql -path '*/bin/postgres' 2>/dev/null | sort -V | tail -n 1) || true
  [ -n "$candidates" ] && say "$candidates"
}

# What both commands need: a C compiler for ring, the two servers, and a way to fetch crates.
want_basics() {
  have cc || want gcc "links the binaries and compiles the cryptography's assembly"
  [ -e /usr/include/stdlib.h ] || want libc6-dev "the C library that the binaries are linked against"
  [ -e /etc/ssl/certs/ca-certificates.crt ] || want ca-certificates "lets cargo trust the crate registry"
  have redis-server || want redis-server "live state: a private server is started from this program"
  [ -n "$(find_postgres)" ] || want postgresql "history: a private server is started from this program"
  # initdb looks up the user it runs as, and setpriv-like switching needs no extra package.
  have curl || have rustup || have cargo || want curl "fetches the Rust toolchain"
}

# What only the tests need, for the checks that are not written in Rust.
want_test_tools() {
  python3 -c 'import ensurepip, venv' >/dev/null 2>&1 ||
    want python3-venv "runs the spelling, manifest and Python-client checks"
  have python3 || want python3 "runs the spelling, manifest and Python-client checks"
  have npm || { want npm "fetches buf, which checks the protocol files"; }
  have node || want nodejs "runs buf, which checks the protocol files"
  if [ "$(id -u)" -ne 0 ] && ! have unshare; then
    want util-linux "runs the container binary in an empty root"
  fi
}

# Installs the wanted packages with apt, after saying which and why.
install_missing() {
  [ ${#missing_packages[@]} -gt 0 ] || return 0
  say "Missing on this machine:"
  local i
  for i in "${!missing_packages[@]}"; do
    printf '  %-16s %s\n' "${missing_packages[$i]}" "${missing_reasons[$i]}"
  done
  have apt-get || die "install them with your package manager and start again (apt-get was not found)"
  say "Installing with: apt-get install --no-install-recommends ${missing_packages[*]}"
  as_root apt-get update -qq
  install_without_starting_services
  missing_packages=()
  missing_reasons=()
}

# Debian starts the system's own Postgres and Redis when they are installed. Switchboard uses
# private servers, so the packages are kept from starting one or creating a database cluster. Both
# switches are files that did not exist before, and both are taken away again.
install_without_starting_services() (
  policy=/usr/sbin/policy-rc.d
  cluster=/etc/postgresql-common/createcluster.d/switchboard-private-servers.conf
  wanted=" ${missing_packages[*]} "
  ours=()
  trap '[ ${#ours[@]} -eq 0 ] || as_root rm -f "${ours[@]}"' EXIT
  if [ ! -e "$policy" ]; then
    ours+=("$policy")
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
    as_root chmod 755 "$policy"
  fi
  if [[ $wanted == *" postgresql "* ]] && [ ! -e "$cluster" ]; then
    ours+=("$cluster")
    as_root mkdir -p "$(dirname "$cluster")"
    printf 'create_main_cluster = false\n' | as_root tee "$cluster" >/dev/null
  fi
  as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -q --no-install-recommends "${missing_packages[@]}"
  # A package that was not here before must not leave a server that starts at the next boot.
  if [[ $wanted == *" redis-server "* ]] && [ -d /run/systemd/system ]; then
    as_root systemctl disable --quiet redis-server || true
  fi
)

# The two servers must speak what the code uses: Redis Functions and row-level security options.
check_servers() {
  local redis postgres
  redis=$(redis-server --version | sed -n 's/.* v=\([0-9.]*\).*/\1/p')
  at_least "$REDIS_MINIMUM" "$redis" ||
    die "Redis $REDIS_MINIMUM or newer is needed, found $redis (Debian 12 and Ubuntu 24.04 have it)"
  postgres=$("$(find_postgres)" --version | sed -n 's/.*) \([0-9]*\).*/\1/p')
  at_least "$POSTGRES_MINIMUM" "$postgres" ||
    die "Postgres $POSTGRES_MINIMUM or newer is needed, found $postgres"
}

rust_version() { rustc --version 2>/dev/null | sed -n 's/^rustc \([0-9.]*\).*/\1/p'; }

rust_is_new_enough() {
  local version
  version=$(rust_version)
  [ -n "$version" ] && at_least "$RUST_MINIMUM" "$version"
}

# Debian's own Rust is older than this project needs, so the toolchain comes from rustup. A default
# toolchain that somebody chose is left as it is.
ensure_rust() {
  if [ -d "$HOME/.cargo/bin" ]; then PATH=$HOME/.cargo/bin:$PATH; fi
  if rust_is_new_enough; then return; fi
  say "Rust $RUST_MINIMUM or newer is needed, found: $(rust_version || true)"
  have rustup || install_rustup
  if ! rustup run "$RUST_TESTED" rustc --version >/dev/null 2>&1; then
    say "Installing with: rustup toolchain install $RUST_TESTED"
    rustup toolchain install "$RUST_TESTED" --profile minimal --component clippy --component rustfmt
  fi
  rustup default >/dev/null 2>&1 || rustup default "$RUST_TESTED"
  export RUSTUP_TOOLCHAIN=$RUST_TESTED
  rust_is_new_enough || die "rustc $(rust_version) comes first on PATH; put rustup's programs before it"
}

install_rustup() {
  # Debian 13 and Ubuntu 24.04 package it; older ones only know the name.
  if have apt-cache && apt-cache policy rustup | grep -q 'Candidate: [0-9]'; then
    want rustup "the Rust toolchain, kept up to date apart from the distribution's"
    install_missing
    return
  fi
  local from folder
  from=${RUSTUP_UPDATE_ROOT:-https://static.rust-lang.org/rustup}/dist/$(uname -m)-unknown-linux-gnu
  folder=$(mktemp -d)
  say "Installing rustup from $from"
  {
    curl --fail --silent --show-error --output-dir "$folder" --remote-name-all \
      "$from/rustup-init" "$from/rustup-init.sha256" &&
      say "$(cut -d ' ' -f 1 "$folder/rustup-init.sha256")  $folder/rustup-init" | sha256sum --check --quiet &&
      chmod 755 "$folder/rustup-init" &&
      "$folder/rustup-init" -y --quiet --default-toolchain none --no-modify-path
  } || die "rustup could not be installed; see https://rustup.rs, then start again"
  rm -rf "$folder"
  PATH=$HOME/.cargo/bin:$PATH
}

# python_tools NAME REQUIREMENTS: path of an environment holding exactly the pinned packages.
python_tools() {
  local environment=$TOOLS_DIR/$1 requirements=$2
  if ! cmp -s "$requirements" "$environment/requirements.txt"; then
    rm -rf "$environment"
    python3 -m venv "$environment"
    "$environment/bin/pip" install --quiet --disable-pip-version-check -r "$requirements" >&2
    cp "$requirements" "$environment/requirements.txt"
  fi
  say "$environment"
}
