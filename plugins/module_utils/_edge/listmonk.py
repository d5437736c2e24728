# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one edge between listmonk's modules and Ansible: options in, result or failure out; the modules that only read: listmonk_info.py."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

from ansible.module_utils.basic import AnsibleModule, env_fallback, missing_required_lib

from .._core.errors import MailingError
from .._core.spec import Spec, argument_spec
from .._listmonk.address import password_in
from .._listmonk.client import Client, Connection
from .._listmonk.connection_options import CONNECTION_OPTIONS
from .._listmonk.reconcile import diff_of, object_of, reconcile
from .._listmonk.session import Session
from .._listmonk.wish import wish_of

if TYPE_CHECKING:
    from .._listmonk.store import Store
    from .._listmonk.wish import Values


def connection_spec() -> Spec:
    """The options of every module that reaches listmonk, with Ansible's way to fall back on the environment."""
    return {
        name: {**{key: value for key, value in option.items() if key != "env"}, **_fallback(option)}
        for name, option in CONNECTION_OPTIONS.items()
    }


def run(store: Store, **constraints: Any) -> None:
    """A module that sees to one object: plan, check mode, diff, apply, result."""
    spec = {
        **connection_spec(),
        **({} if store.resource.document else {"state": {"type": "str", "choices": ["present", "absent"], "default": "present"}}),
        **argument_spec(store.resource),
        **store.options,
    }
    for name in store.resource.identity[:1]:
        spec[store.resource.field(name).option]["required"] = True
    module = AnsibleModule(argument_spec=spec, supports_check_mode=True, **constraints)
    module.no_log_values.update(getattr(store, "hidden", _nothing_hidden)(module.params))
    with answering(module):
        session = Session(connect(module))
        (outcome,) = reconcile(session, [wish_of(store, module.params)])
        for warning in (*outcome.warnings, *session.warnings):
            module.warn(warning)
        result: dict[str, Any] = {"changed": outcome.changed, result_key(store): object_of(outcome)}
        result |= getattr(store, "facts", _no_facts)(session, outcome)
        if module._diff:  # pylint: disable=protected-access
            result["diff"] = diff_of([outcome])
        module.exit_json(**result)


def connect(module: AnsibleModule) -> Client:
    """The client of the task; it refuses to write when the task only checks."""
    params = module.params
    # The URL is refused for holding a password, but Ansible repeats the options of a task that fails.
    module.no_log_values.update(filter(None, [password_in(params["url"] or "")]))
    connection = Connection(**{name: params[name] for name in CONNECTION_OPTIONS})
    return Client(connection, check_mode=module.check_mode)


def result_key(store: Store) -> str:
    """Under which key a task returns the object."""
    return store.resource.kind.replace(" ", "_").lower()


@contextmanager
def answering(module: AnsibleModule) -> Iterator[None]:
    """Every error of ours becomes a failure of the task with its sentence; a missing library is said as Ansible says it."""
    try:
        yield
    except MailingError as error:
        fail(module, error)
    except ImportError as error:
        if error.name is None or not error.name.startswith("requests"):
            raise
        module.fail_json(msg=missing_required_lib("requests"), exception=traceback.format_exc())


def fail(module: AnsibleModule, error: MailingError) -> NoReturn:
    module.fail_json(msg=str(error), **dict(error.facts))
    raise AssertionError("fail_json returned")


def _no_facts(_session: Session, _outcome: Any) -> dict[str, Any]:
    return {}


def _nothing_hidden(_options: Values) -> tuple[str, ...]:
    return ()


def _fallback(option: dict[str, Any]) -> dict[str, Any]:
    return {"fallback": (env_fallback, option["env"])} if "env" in option else {}
