# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Templates that are too large to be sent along: CloudFormation reads them from a bucket."""

from __future__ import annotations

import hashlib

from .connection import Aws
from .errors import AwsError
from .template import Template

FOLDER = "cloudformation-templates"


def template_url(aws: Aws, bucket: str, template: Template) -> str | None:
    """Where CloudFormation finds the template; it is uploaded if it is not there yet, under a name made of its contents.

    None in check mode, if it would have to be uploaded. Nothing is removed: a rollback or a later look may need it, and it holds no secret.
    """
    key = f"{FOLDER}/{hashlib.sha256(template.text.encode()).hexdigest()}.template"
    if not _is_there(aws, bucket, key):
        if aws.check_mode:
            return None
        aws.call("s3", "put_object", Bucket=bucket, Key=key, Body=template.text.encode(), ContentType="text/plain; charset=utf-8")
    # The address as this endpoint and region have it, without the signature.
    signed = str(aws.client("s3").generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": key}, ExpiresIn=60))
    return signed.partition("?")[0]


def _is_there(aws: Aws, bucket: str, key: str) -> bool:
    try:
        aws.call("s3", "head_object", Bucket=bucket, Key=key)
    except AwsError as error:
        if error.code in {"404", "NoSuchKey", "NotFound"}:
            return False
        # Without the right to list a bucket, S3 answers 403 for what is not there; then putting it says what is wrong.
        if error.code in {"403", "AccessDenied"} and not aws.check_mode:
            return False
        raise
    return True
