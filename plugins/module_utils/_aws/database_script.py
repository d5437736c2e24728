# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tools task runs inside the network to give listmonk its place in a database, and to see what the database holds.

The container gets the credentials of the database's master (PGUSER, PGPASSWORD) and of listmonk's login role (LISTMONK_LOGIN_NAME,
LISTMONK_LOGIN_PASSWORD) from Secrets Manager. Its exit code says what the database holds; nothing secret is printed or put into SQL:
psql's own \\password computes a SCRAM verifier, so that a server that logs statements logs no password.
"""

from __future__ import annotations

EMPTY, INSTALLED, HALF = 0, 10, 11
"""Exit codes of both scripts: no table of listmonk's, a listmonk that a person can sign in to, anything between."""

_SEE = """
see() {
  psql -XqAt -v ON_ERROR_STOP=1 -c "$1"
}
tables=$(see "SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tablename IN
  ('settings', 'users', 'roles', 'lists', 'subscribers', 'subscriber_lists', 'campaigns', 'templates', 'media', 'links')")
echo "listmonk's tables: $tables of 10"
if [ "$tables" = 0 ]; then exit $EMPTY; fi
if [ "$tables" != 10 ]; then exit $HALF; fi
echo "schema: $(see "SELECT value FROM settings WHERE key = 'migrations'")"
admins=$(see "SELECT count(*) FROM users WHERE type = 'user' AND status = 'enabled' AND user_role_id = 1")
echo "people who are super admin: $admins"
if [ "$admins" = 0 ]; then exit $HALF; fi
exit $INSTALLED
"""

_CODES = f"set -eu; EMPTY={EMPTY} INSTALLED={INSTALLED} HALF={HALF}"

SEE = f"{_CODES}\n{_SEE.strip()}\n"

# pg_roles may be read by everybody. A role that creates another gets ADMIN on it since PostgreSQL 16, and grants itself the rest: as a
# member of the owner, the master can dump what it owns. ALTER ROLE ... SET role makes each session of the login role act as the owner, so
# that all tables have one owner although rotation alternates two login roles.
_PREPARE = r"""
psql -Xq -v ON_ERROR_STOP=1 -v owner="$LISTMONK_OWNER" -v login="$LISTMONK_LOGIN_NAME" <<'SQL'
SET client_min_messages = warning;
SELECT format('CREATE ROLE %I NOLOGIN', :'owner') WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'owner') \gexec
SELECT format('CREATE ROLE %I LOGIN', :'login') WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'login') \gexec
GRANT :"owner" TO :"login";
SELECT format('GRANT %I TO %I', :'owner', current_user) WHERE NOT pg_has_role(current_user, :'owner', 'USAGE') \gexec
ALTER ROLE :"login" SET role = :'owner';
SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database()) \gexec
SELECT format('GRANT CONNECT, TEMPORARY, CREATE ON DATABASE %I TO %I', current_database(), :'owner') \gexec
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO :"owner";
SELECT 'CREATE EXTENSION IF NOT EXISTS pgcrypto' WHERE EXISTS (SELECT FROM pg_available_extensions WHERE name = 'pgcrypto') \gexec
SQL
echo "role $LISTMONK_LOGIN_NAME acts as $LISTMONK_OWNER"
signs_in() { PGUSER=$LISTMONK_LOGIN_NAME PGPASSWORD=$LISTMONK_LOGIN_PASSWORD psql -Xqc "" 2>/dev/null; }
if ! signs_in; then
  # psql asks for the password on a terminal if there is one; setsid makes sure that there is none, so that it reads its input.
  printf '%s\n%s\n' "$LISTMONK_LOGIN_PASSWORD" "$LISTMONK_LOGIN_PASSWORD" |
    setsid psql -Xq -v ON_ERROR_STOP=1 -c "\\password $LISTMONK_LOGIN_NAME" >/dev/null 2>&1 || { echo "the password could not be set"; exit 1; }
  signs_in || { echo "role $LISTMONK_LOGIN_NAME cannot sign in with the password of its secret"; exit 1; }
  echo "role $LISTMONK_LOGIN_NAME has the password of its secret now"
fi
"""

PREPARE_AND_SEE = f"{_CODES}\n{_PREPARE.strip()}\n{_SEE.strip()}\n"
