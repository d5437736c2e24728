# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scalable targets and their policies (Application Auto Scaling)."""

from __future__ import annotations

from .calls import given
from .kind import Handle, Kind, Properties

ADDRESS = ("ResourceId", "ScalableDimension", "ServiceNamespace")
TARGET = (*ADDRESS, "MinCapacity", "MaxCapacity", "RoleARN", "SuspendedState")
POLICY = ("PolicyName", "PolicyType", "TargetTrackingScalingPolicyConfiguration", "StepScalingPolicyConfiguration")


def _register(handle: Handle) -> None:
    handle.call("application-autoscaling.register_scalable_target", **given(handle, TARGET))
    handle.physical_id = handle.attributes["Id"] = "|".join(str(handle.get(name)) for name in ADDRESS)


def _deregister(handle: Handle) -> None:
    handle.call("application-autoscaling.deregister_scalable_target", **given(handle, ADDRESS))


def _read_target(handle: Handle) -> Properties | None:
    found = handle.call(
        "application-autoscaling.describe_scalable_targets",
        ServiceNamespace=handle.get("ServiceNamespace"),
        ResourceIds=[handle.get("ResourceId")],
        ScalableDimension=handle.get("ScalableDimension"),
    )["ScalableTargets"]
    return {name: found[0][name] for name in ("MinCapacity", "MaxCapacity")} if found else None


def _address(handle: Handle) -> Properties:
    """From the id of the target, or given one by one."""
    target = handle.get("ScalingTargetId")
    return dict(zip(ADDRESS, target.split("|"), strict=True)) if target else given(handle, ADDRESS)


def _put_policy(handle: Handle) -> None:
    answer = handle.call("application-autoscaling.put_scaling_policy", **given(handle, POLICY), **_address(handle))
    handle.physical_id = handle.attributes["Arn"] = answer["PolicyARN"]


def _delete_policy(handle: Handle) -> None:
    handle.call("application-autoscaling.delete_scaling_policy", PolicyName=handle.get("PolicyName"), **_address(handle))


def _read_policy(handle: Handle) -> Properties | None:
    address = _address(handle)
    found = handle.call(
        "application-autoscaling.describe_scaling_policies",
        ServiceNamespace=address["ServiceNamespace"],
        ResourceId=address["ResourceId"],
    )["ScalingPolicies"]
    for policy in found:
        if policy["PolicyARN"] == handle.physical_id:
            name = "TargetTrackingScalingPolicyConfiguration"
            return {name: policy[name]} if name in policy else {}
    return None


SCALABLE_TARGET = Kind(
    "AWS::ApplicationAutoScaling::ScalableTarget",
    takes=TARGET,
    create=_register,
    update=_register,
    ignored={"Tags": "moto keeps no tags of scalable targets"},
    delete=_deregister,
    read=_read_target,
)
SCALING_POLICY = Kind(
    "AWS::ApplicationAutoScaling::ScalingPolicy",
    takes=(*POLICY, "ScalingTargetId", *ADDRESS),
    create=_put_policy,
    update=_put_policy,
    delete=_delete_policy,
    read=_read_policy,
)
KINDS = (SCALABLE_TARGET, SCALING_POLICY)
