# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Application Auto Scaling: a service's desired count is brought within the bounds of its scalable target when that is registered.

Nothing scales by load here: policies are records only.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from moto.applicationautoscaling.models import ApplicationAutoscalingBackend, FakeScalableTarget

from .replacements import Replacements
from .services import Services


def attach(services: Services, replacements: Replacements) -> None:
    replacements.around(ApplicationAutoscalingBackend, "register_scalable_target", partial(_register, services))


def _register(services: Services, moto: Callable[..., FakeScalableTarget]) -> Callable[..., FakeScalableTarget]:
    def register_scalable_target(backend: ApplicationAutoscalingBackend, *arguments: Any, **named: Any) -> FakeScalableTarget:
        target = moto(backend, *arguments, **named)
        if target.scalable_dimension == "ecs:service:DesiredCount":
            _kind, cluster, name = target.resource_id.split("/")
            shown = backend.ecs_backend._get_service(cluster, name)
            within = max(target.min_capacity or 0, min(int(shown.desired_count), target.max_capacity or 0))
            if within != shown.desired_count:
                shown.desired_count = within
                services.wake()
        return target

    return register_scalable_target
