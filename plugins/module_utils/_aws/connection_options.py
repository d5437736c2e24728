# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options by which every module reaches AWS, as plain data; names and aliases are those of amazon.aws 11.

``env`` lists the environment variables that stand in for an option. Credentials have none here: botocore looks for them itself, in the
environment and beyond (profiles, containers, instances), and so do E(AWS_ENDPOINT_URL) and its forms for one service.
"""

from __future__ import annotations

from typing import Any

AWS_OPTIONS: dict[str, dict[str, Any]] = {
    "region": {"type": "str", "aliases": ["aws_region", "ec2_region"], "env": ["AWS_REGION", "AWS_DEFAULT_REGION", "EC2_REGION"]},
    "profile": {"type": "str", "aliases": ["aws_profile"], "env": ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"]},
    "endpoint_url": {"type": "str", "aliases": ["aws_endpoint_url", "ec2_url", "s3_url"], "env": ["AWS_URL", "EC2_URL", "S3_URL"]},
    "access_key": {"type": "str", "aliases": ["aws_access_key_id", "aws_access_key", "ec2_access_key"], "no_log": False},
    "secret_key": {"type": "str", "aliases": ["aws_secret_access_key", "aws_secret_key", "ec2_secret_key"], "no_log": True},
    "session_token": {
        "type": "str",
        "aliases": ["aws_session_token", "security_token", "access_token", "aws_security_token"],
        "no_log": True,
    },
    "validate_certs": {"type": "bool", "default": True},
    "aws_ca_bundle": {"type": "path", "env": ["AWS_CA_BUNDLE"]},
    "aws_config": {"type": "dict"},
}
