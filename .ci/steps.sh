# shellcheck shell=bash
# What .ci/run and .ci/long have in common; they source it at the top of the repository.
# Needs Python 3.11 or newer and installs what else is missing by apt-get and pip.

export CI=true
# Compiled modules are kept: else each of the hundreds of processes that tests start compiles them.
unset PYTHONDONTWRITEBYTECODE
# Within one run, and from one to the next, a package is fetched and unpacked once.
uv_version=0.13.9
folder=$(mktemp -d)
uv=$folder/tools/bin/uv
current=
trap 'jobs -p | xargs -r kill -INT || true; wait; rm -rf "$folder"' EXIT
trap 'exit 130' INT

# The duration of a step is printed with the next one, so that the last line of all is the
# summary of the last pytest run, which carries its own.
step() {
    [[ -z $current ]] || printf -- '---- %s: %d s\n' "$current" "$((SECONDS - begun))"
    current=$1
    begun=$SECONDS
    shift
    printf '\n==== %s\n' "$current"
    "$@"
}

# SIGINT lets pytest end the databases that it started. In the background, because `timeout` takes
# its command out of the reach of Ctrl-C, and only from `wait` do the traps above pass it on.
limited() {
    timeout --signal=INT --kill-after=1m "${limit:-20m}" "$@" &
    wait "$!"
}

# Also those commands that it is told.
install_missing() {
    local packages=() command
    for command in "$@"; do
        command -v "$command" >/dev/null || packages+=("$command")
    done
    python3 -c 'import ensurepip, venv' 2>/dev/null || packages+=(python3-venv)
    # The documentation's lines are run as they stand.
    command -v curl >/dev/null || packages+=(curl)
    # A real proxy in front of the service.
    [[ -x /usr/sbin/nginx ]] || command -v nginx >/dev/null || packages+=(nginx)
    # Maven fetches the Neo4j servers.
    command -v mvn >/dev/null || packages+=(maven)
    has_java_for_neo4j_5 || packages+=(default-jre-headless)
    if ((${#packages[@]})); then
        apt-get update -qq
        DEBIAN_FRONTEND=noninteractive \
            apt-get install -y -qq --no-install-recommends "${packages[@]}"
    fi
    python3 -m venv "$folder/tools"
    limited "$folder/tools/bin/pip" install --quiet "uv==$uv_version"
}

has_java_for_neo4j_5() {
    local java
    for java in "${JAVA_HOME:-}/bin/java" "$(command -v java || true)" /usr/lib/jvm/*/bin/java; do
        [[ -x $java ]] || continue
        [[ $("$java" -version 2>&1) =~ version\ \"(17|18|19|20|21)[.\"] ]] && return 0
    done
    return 1
}

# An environment of this Python in that folder, with what the rest of the line says.
install() {
    local python=$1 environment=$2
    shift 2
    "$uv" venv --quiet --python "$python" "$environment" &&
        limited "$uv" pip install --quiet --python "$environment/bin/python" "$@"
}

# A name on PATH may be pyenv's stand-in for a version that is not chosen: its folders are next.
python_of_version() {
    local python
    for python in python3 "python$1" "${PYENV_ROOT:-$HOME/.pyenv}/versions/$1".*/bin/python; do
        [[ $(version_of "$python") != "$1" ]] || { echo "$python"; return 0; }
    done
    echo "Python $1 is not installed: it is among the versions that pyproject.toml names" >&2
    return 1
}

version_of() {
    "$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null || true
}
