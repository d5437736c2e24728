# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What went wrong between this machine and AWS, as sentences."""

from __future__ import annotations

from collections.abc import Collection

from .._core.errors import MailingError
from .._core.redact import scrub

LONGEST_MESSAGE = 1500
"""Characters of AWS's own text that a sentence repeats; authorization failures come with an encoded message of thousands."""


class AwsError(MailingError):
    """AWS could not be asked, or refused. ``code`` is AWS's own word for it, empty if there was no answer."""

    def __init__(self, sentence: str, *, operation: str = "", code: str = "", message: str = "", raw: str | None = None) -> None:
        super().__init__(sentence, aws_operation=operation, aws_error_code=code)
        self.operation = operation
        self.code = code
        self.message = message
        self.raw = message if raw is None else raw
        """AWS's text as it came, to be compared and never to be shown: in ``message`` secrets are blotted out, and they may be short words."""


class AwsUnreachable(AwsError):
    """No answer came: wrong address, no network, no credentials, a wait that ended."""


_WHAT_TO_DO = {
    "ExpiredToken": "The credentials have expired; sign in again.",
    "ExpiredTokenException": "The credentials have expired; sign in again.",
    "InvalidClientTokenId": "AWS does not know the access key; check profile, access_key and the region's partition.",
    "UnrecognizedClientException": "AWS does not know the access key; check profile, access_key and the region's partition.",
    "SignatureDoesNotMatch": "The secret key does not belong to the access key, or this machine's clock is wrong.",
    "RequestExpired": "This machine's clock is probably wrong.",
}


def refused(operation: str, code: str, message: str, secrets: Collection[str]) -> AwsError:
    """The error for an answer of AWS that says no."""
    shown = str(scrub(message, secrets)).strip()
    if len(shown) > LONGEST_MESSAGE:
        shown = f"{shown[:LONGEST_MESSAGE]} …"
    sentence = f"AWS refused {operation}: {code}: {shown}" if shown else f"AWS refused {operation}: {code}"
    if not sentence.endswith((".", "!", "…")):
        sentence += "."
    if code in _WHAT_TO_DO:
        sentence += f" {_WHAT_TO_DO[code]}"
    return AwsError(sentence, operation=operation, code=code, message=shown, raw=message)


def unanswered(operation: str, error: Exception, region: str | None, secrets: Collection[str]) -> AwsError:
    """The error for a call that got no answer, by botocore's name for what happened."""
    text = " ".join(str(scrub(str(error), secrets)).split()).rstrip(".")
    kind = type(error).__name__
    return AwsUnreachable(f"{operation}: {_sentence_for(kind, text, region)}", operation=operation, message=text)


def _sentence_for(kind: str, text: str, region: str | None) -> str:
    if kind in {"NoCredentialsError", "PartialCredentialsError", "CredentialRetrievalError"}:
        return f"there are no usable AWS credentials ({text}). Give profile, or access_key and secret_key, or set AWS_PROFILE or AWS_ACCESS_KEY_ID."
    if kind == "NoRegionError":
        return "no AWS region is given. Set the option region, or the environment variable AWS_REGION."
    if kind == "ProfileNotFound":
        return f"{text}. Check the option profile and AWS_PROFILE against the files of the AWS command line."
    if "SSO" in kind or "Token" in kind or "Login" in kind:
        return f"{text}. Sign in again (aws sso login)."
    if kind == "ParamValidationError":
        return f"AWS would not understand what is asked: {text}."
    if kind == "ResponseParserError":
        return f"what answered does not speak AWS's protocol; check endpoint_url and proxies. It said: {text[:200]}…"
    if kind == "SSLError":
        return f"the TLS certificate is not trusted: {text}. A private certificate authority is given with aws_ca_bundle."
    return f"no answer from AWS (region {region}): {text}."
