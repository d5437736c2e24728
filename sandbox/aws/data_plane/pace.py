# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How much faster than on AWS the sandbox waits: what is looked at each half minute there would be waited for in each test here.

Checks are run again after CHECK_S, whatever interval they were given. Patience with a program that is starting (start period, grace
period) is shortened by PACE, but not below LEAST_PATIENCE_S: programs start no faster here. Time-outs of one check are as given, and so
is the time that a container has between SIGTERM and SIGKILL.
"""

from __future__ import annotations

CHECK_S = 0.3
PACE = 10.0
LEAST_PATIENCE_S = 60.0
STARTING_S = 15.0  # so long may a new target refuse connections before that counts as a failed check of a load balancer
UNCHECKED_S = 1.5  # so long must a task run that neither its container nor a load balancer checks, before a service believes in it


def patience(seconds: float) -> float:
    return min(seconds, max(seconds / PACE, LEAST_PATIENCE_S))
