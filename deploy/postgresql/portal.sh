#!/bin/sh
# Once, on a new volume: a plain role owns the portal's database, and no password opens the superuser's account.
set -e
psql --no-psqlrc --username postgres --set ON_ERROR_STOP=1 --set password="$POSTGRES_PASSWORD" <<'SQL'
CREATE ROLE portal LOGIN NOSUPERUSER PASSWORD :'password';
CREATE DATABASE portal OWNER portal;
ALTER ROLE postgres PASSWORD NULL;
SQL
