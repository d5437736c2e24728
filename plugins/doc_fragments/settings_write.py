# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations


class ModuleDocFragment:
    """Options of the modules that write listmonk's settings, and so restart it."""

    DOCUMENTATION = r"""
options:
  if_busy:
    description:
      - What to do if listmonk is sending a campaign or importing at the moment, since to write settings restarts it.
      - With V(fail) the task fails and nothing is written. V(wait) waits until it is done, at most O(busy_timeout).
      - With V(defer) the settings are stored at once; while it is sending listmonk puts the restart off, so that they take effect with its next
        restart. A restart would end an import halfway, so with V(defer), too, the task fails during one.
      - To see what is going on the API user needs the permissions C(campaigns:get_all) and C(subscribers:import). Without them the task
        fails unless this is V(defer).
    type: str
    choices: [fail, wait, defer]
    default: fail
  busy_timeout:
    description: How many seconds O(if_busy=wait) waits at most.
    type: float
    default: 600
  restart_timeout:
    description: How many seconds listmonk may take to restart after its settings were written.
    type: float
    default: 60
"""
