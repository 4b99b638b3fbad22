#!/bin/sh
# Runs build.ps1 with the pwsh on the PATH if that is 7.4 or newer, else with the one from .config/dotnet-tools.json.
set -eu
cd "$(dirname "$0")"
export CRANE_BUILD_PID=$$   # what a testbed ends with, when the whole build is killed
case $(pwsh --version 2> /dev/null || true) in
    "PowerShell 7."[4-9]* | "PowerShell 7."[1-9][0-9]* | "PowerShell "[89].*) exec pwsh -NoProfile -File ./build.ps1 "$@" ;;
esac
if ! dotnet pwsh --version > /dev/null 2>&1; then
    echo "Installing PowerShell, a .NET tool, into the NuGet cache."
    dotnet tool restore > /dev/null
fi
exec dotnet pwsh -NoProfile -File ./build.ps1 "$@"
