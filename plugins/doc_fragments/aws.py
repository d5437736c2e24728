# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations


class ModuleDocFragment:
    """How a task reaches AWS: the options every C(aws_*) module has, named as those of amazon.aws."""

    DOCUMENTATION = r"""
requirements:
  - boto3 >= 1.42 (on the controller, for what runs there)
options:
  region:
    description:
      - The AWS region.
      - If the option is missing, the first of the environment variables E(AWS_REGION), E(AWS_DEFAULT_REGION) and E(EC2_REGION) that is set
        is used, then what the profile says.
    type: str
    aliases: [aws_region, ec2_region]
  profile:
    description:
      - A profile of the AWS command line's configuration.
      - If the option is missing, E(AWS_PROFILE) or E(AWS_DEFAULT_PROFILE) is used.
    type: str
    aliases: [aws_profile]
  endpoint_url:
    description:
      - Where AWS is spoken to instead of the region's own addresses, for an emulator or a private endpoint. It holds for every service.
      - If the option is missing, the first of the environment variables E(AWS_URL), E(EC2_URL) and E(S3_URL) that is set is used, then
        E(AWS_ENDPOINT_URL) and its forms for a single service, such as E(AWS_ENDPOINT_URL_S3).
    type: str
    aliases: [aws_endpoint_url, ec2_url, s3_url]
  access_key:
    description:
      - An access key id, together with O(secret_key). Better leave all of them out, so that the usual places are looked at in the usual
        order - environment, profile, container, instance.
    type: str
    aliases: [aws_access_key_id, aws_access_key, ec2_access_key]
  secret_key:
    description: The secret that belongs to O(access_key).
    type: str
    aliases: [aws_secret_access_key, aws_secret_key, ec2_secret_key]
  session_token:
    description: The session token that belongs to temporary credentials.
    type: str
    aliases: [aws_session_token, security_token, access_token, aws_security_token]
  validate_certs:
    description: Whether the TLS certificates of AWS must be valid.
    type: bool
    default: true
  aws_ca_bundle:
    description:
      - A PEM file with the certificate authorities to trust instead of the usual ones.
      - If the option is missing, E(AWS_CA_BUNDLE) is used.
    type: path
  aws_config:
    description:
      - Settings of botocore's Config, such as C(proxies) or C(retries). They take precedence over those of this collection, which tries
        nine times with growing pauses and waits 10 seconds for a connection and 60 for an answer.
    type: dict
"""
