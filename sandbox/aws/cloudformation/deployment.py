# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Making a stack what a request asks for: resource by resource, with everything noted that a rollback needs."""

from __future__ import annotations

import copy
import functools
from collections.abc import Mapping
from dataclasses import dataclass

from ..providers.kind import Kind
from . import stack_policy
from .account import Account
from .deletion import delete_resources
from .errors import Cancelled, Refusal, ResourceFailed
from .handling import attempt, handle_of, settle
from .no_echo import hidden_properties
from .plan import Request, desired_properties, output_values, scope_of
from .references import dependencies
from .removal import remove_all
from .rollback import Made, Note, Replaced, Updated, roll_back_creation, roll_back_update
from .schedule import in_order
from .schemas import Schema, schema_of
from .scope import Scope
from .stack import OutputValue, Resource, Stack
from .template import Declaration

CUSTOM_NAME = (
    "CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename {name} and update the stack again."
)


@dataclass(frozen=True)
class How:
    """How an operation ends when a resource fails."""

    on_failure: str = "ROLLBACK"  # of a create: ROLLBACK, DELETE, DO_NOTHING; of an update: ROLLBACK, DO_NOTHING
    retain_except_on_create: bool = False
    policy_during_update: str | None = None


class Deployment:
    """One create or update of a stack. ``run`` works until the stack has a final status."""

    def __init__(self, account: Account, stack: Stack, request: Request, how: How, *, creating: bool) -> None:
        self.account, self.stack, self.request, self.how, self.creating = account, stack, request, how, creating
        self.notes: list[Note] = []  # in the order in which things were done
        self.replaced: list[Resource] = []
        self.failures: dict[str, str] = {}  # logical id -> create or update
        self.scope: Scope = scope_of(stack, request, account.exports(), planning=False)
        self.needs: dict[str, frozenset[str]] = {}

    def run(self) -> None:
        try:
            self.needs = dependencies(self.request.template, self.scope)
            in_order(self.needs, self._apply, stop_at_failure=True)
            if self.failures:
                raise ResourceFailed(self._summary())
            removed = self._removable()
            outputs = output_values(self.request.template, self.scope)
            self._check_exports(outputs)
        except (Refusal, ResourceFailed) as error:
            self._fail(str(error))
            return
        self._finish(outputs, removed)

    def roll_back(self, reason: str | None = None, skip: frozenset[str] = frozenset()) -> None:
        """Undo what was done; also asked for later (RollbackStack, ContinueUpdateRollback)."""
        keep = not self.how.retain_except_on_create
        if self.creating:
            done = roll_back_creation(self.account, self.stack, reason, keep=keep)
        else:
            done = roll_back_update(self.account, self.stack, self.notes, reason, skip, keep=keep)
        with self.account.lock:
            if done:
                self.account.unfinished.pop(self.stack.id, None)
            else:
                self.account.unfinished[self.stack.id] = self

    # --- one resource

    def _apply(self, name: str) -> bool:
        declaration = self.request.template.resources[name]
        current = self.stack.resources.get(name)
        verb = "create" if current is None or not current.physical_id else "update"
        try:
            self._bring_about(declaration, current)
        except (ResourceFailed, Cancelled, Refusal) as error:
            cancelled = isinstance(error, Cancelled)
            reason = f"Resource {'creation' if verb == 'create' else 'update'} cancelled" if cancelled else str(error)
            resource = self.stack.resources.get(name) or current or Resource(name, declaration.type)
            self.stack.say_of(resource, f"{verb.upper()}_FAILED", reason)
            self.failures[name] = verb
            return False
        return True

    def _bring_about(self, declaration: Declaration, current: Resource | None) -> None:
        schema = schema_of(declaration.type, self.stack.region)
        kind = self.account.kinds[declaration.type]
        with self.account.calling():
            properties = desired_properties(declaration, self.scope, schema, self.request.tags)
        actual = self.request.actual.get(declaration.logical_id)
        if current is None or not current.physical_id:
            if current is not None:  # the remains of a failed create that was not rolled back
                del self.stack.resources[declaration.logical_id]
            self._create(declaration, properties, kind, None)
        elif actual is not None and actual.deleted:
            self._create(declaration, properties, kind, None, lost=current)
        elif (before := dict(actual.properties) if actual else current.properties) != properties:
            self._update(declaration, properties, kind, schema, current, before)
        else:
            self.notes.append(Updated(current, copy.copy(current), properties))
            self._take_attributes(current, declaration)

    def _create(
        self, declaration: Declaration, properties: dict[str, object], kind: Kind, old: Resource | None, *, lost: Resource | None = None
    ) -> None:
        """``old``: what is replaced; ``lost``: what somebody deleted by another way and is made anew."""
        new = Resource(declaration.logical_id, declaration.type, properties=properties)
        self._take_attributes(new, declaration)
        verb = "CREATE" if old is None else "UPDATE"
        begun = None if old is None else "Requested update requires the creation of a new physical resource; hence creating one."
        if old is None:
            self.stack.resources[new.logical_id] = new
            self.stack.say_of(new, "CREATE_IN_PROGRESS")
        else:
            self.stack.say_of(old, "UPDATE_IN_PROGRESS", begun)
        self.account.faults.strike(self.stack.name, new.logical_id, "create", self.account.pause)
        with self.account.calling():
            handle = handle_of(self.account, self.stack, new, properties, {})
            try:
                attempt(lambda: kind.make(handle), handle, kind)
            finally:
                new.physical_id, new.attributes = handle.physical_id, handle.attributes
                if handle.physical_id:
                    before = old or lost
                    self.notes.append(Made(new) if before is None else Replaced(new, before))
                    self.stack.resources[new.logical_id] = new
        self.stack.say_of(new, f"{verb}_IN_PROGRESS", "Resource creation Initiated")
        settle(self.account, handle, kind, kind.settled, lambda: bool(self.failures))
        new.attributes = handle.attributes
        self.stack.say_of(new, f"{verb}_COMPLETE")
        if old is not None:
            self.replaced.append(old)

    def _update(
        self,
        declaration: Declaration,
        properties: dict[str, object],
        kind: Kind,
        schema: Schema,
        current: Resource,
        before: dict[str, object],
    ) -> None:
        with self.account.calling():
            handle = handle_of(self.account, self.stack, current, properties, before)
        names = {name for name in before.keys() | properties.keys() if before.get(name) != properties.get(name)}
        replace = bool(names & schema.create_only) or (
            bool(names & schema.conditionally_create_only) and kind.replaced_when is not None and kind.replaced_when(handle)
        )
        self._demand(current, "Update:Replace" if replace else "Update:Modify")
        if replace:
            self._refuse_a_second_of_the_name(schema, current, properties)
            self._create(declaration, properties, kind, current)
            return
        self.stack.say_of(current, "UPDATE_IN_PROGRESS")
        self.notes.append(Updated(current, copy.copy(current), properties))
        current.properties = properties
        current.hidden |= hidden_properties(declaration, self.scope)
        self.account.faults.strike(self.stack.name, current.logical_id, "update", self.account.pause)
        with self.account.calling():
            attempt(lambda: kind.change(handle), handle, kind)
        settle(self.account, handle, kind, kind.settled, lambda: bool(self.failures))
        current.attributes = handle.attributes
        self._take_attributes(current, declaration)
        self.stack.say_of(current, "UPDATE_COMPLETE")

    def _take_attributes(self, resource: Resource, declaration: Declaration) -> None:
        resource.deletion_policy, resource.update_replace_policy = declaration.deletion_policy, declaration.update_replace_policy
        resource.metadata, resource.needs = declaration.metadata, self.needs[declaration.logical_id]
        resource.hidden = hidden_properties(declaration, self.scope) | (resource.hidden if resource.physical_id else frozenset())

    def _demand(self, resource: Resource, action: str) -> None:
        policy = self.how.policy_during_update or self.stack.policy
        stack_policy.demand(policy, resource.logical_id, resource.type, action)

    @staticmethod
    def _refuse_a_second_of_the_name(schema: Schema, current: Resource, properties: Mapping[str, object]) -> None:
        for name in schema.identifier:
            same = name in schema.create_only and name in properties and properties[name] == current.properties.get(name)
            if same and len(schema.identifier) == 1:
                raise ResourceFailed(CUSTOM_NAME.format(name=properties[name]))

    # --- the end

    def _removable(self) -> list[Resource]:
        removed = [resource for name, resource in self.stack.resources.items() if name not in self.needs]
        for resource in removed:
            try:
                self._demand(resource, "Update:Delete")
            except ResourceFailed as error:
                self.stack.say_of(resource, "DELETE_FAILED", str(error))
                raise
        return removed

    def _check_exports(self, outputs: list[OutputValue]) -> None:
        values = {output.export_name: output.value for output in outputs if output.export_name}
        for name, (exporter, _value) in self.account.exporters().items():
            if name in values and exporter is not self.stack:
                raise ResourceFailed(f"Export with name {name} is already exported by stack {exporter.name}")
        for output in self.stack.outputs:
            if output.export_name and values.get(output.export_name) != output.value:
                users = [stack.name for stack in self.account.importers(output.export_name) if stack is not self.stack]
                if users:
                    verb = "updated" if output.export_name in values else "deleted"
                    raise ResourceFailed(f"Export {output.export_name} cannot be {verb} as it is in use by {' and '.join(users)}")

    def _finish(self, outputs: list[OutputValue], removed: list[Resource]) -> None:
        stack = self.stack
        stack.template, stack.parameters, stack.tags = self.request.template, dict(self.request.parameters), dict(self.request.tags)
        stack.outputs, stack.imported = outputs, frozenset(self.scope.imported)
        if self.creating:
            stack.say("CREATE_COMPLETE")
            return
        if removed or self.replaced:
            stack.say("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")
            policies = {id(resource): resource.deletion_policy for resource in removed}
            policies.update(
                {id(resource): self.request.template.resources[resource.logical_id].update_replace_policy for resource in self.replaced}
            )
            remove_all(
                self.account,
                stack,
                [*self.replaced, *removed],
                lambda resource: policies[id(resource)],
                "delete",
                functools.partial(_forget, stack),
            )
            for resource in removed:  # also what could not be deleted: CloudFormation lets go of it
                _forget(stack, resource)
        stack.say("UPDATE_COMPLETE")

    def _fail(self, reason: str) -> None:
        if self.how.on_failure == "DO_NOTHING":
            for note in self.notes:  # the next update shall try again
                if isinstance(note, Updated) and note.resource.status == "UPDATE_FAILED":
                    note.resource.properties = note.before.properties
            self.stack.template = self.stack.template or self.request.template
            self.stack.parameters = self.stack.parameters or dict(self.request.parameters)
            with self.account.lock:
                self.account.unfinished[self.stack.id] = self
            self.stack.say("CREATE_FAILED" if self.creating else "UPDATE_FAILED", reason)
            return
        if self.creating and self.how.on_failure == "DELETE":
            self.stack.say("CREATE_FAILED", reason)
            self.stack.say("DELETE_IN_PROGRESS", f"{reason} Delete requested by user.")
            delete_resources(self.account, self.stack, frozenset())
            return
        self.roll_back(f"{reason} Rollback requested by user." if self.creating else reason)

    def _summary(self) -> str:
        parts = []
        for verb in ("create", "update"):
            names = [name for name, failed in self.failures.items() if failed == verb]
            if names:
                parts.append(f"The following resource(s) failed to {verb}: [{', '.join(sorted(names))}].")
        return " ".join(parts)


def _forget(stack: Stack, resource: Resource) -> None:
    if stack.resources.get(resource.logical_id) is resource:
        del stack.resources[resource.logical_id]
