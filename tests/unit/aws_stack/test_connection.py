# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The connection to AWS: retries, check mode, and errors as sentences. botocore's own machinery runs; only its socket is scripted."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

import botocore.awsrequest
import botocore.endpoint
import botocore.exceptions
import pytest
from botocore.session import Session

from ansible_collections.clarivum.mailing.plugins.module_utils._aws.connection import Aws, Connection, connection_of
from ansible_collections.clarivum.mailing.plugins.module_utils._aws.connection_options import AWS_OPTIONS
from ansible_collections.clarivum.mailing.plugins.module_utils._aws.errors import AwsError, AwsUnreachable
from ansible_collections.clarivum.mailing.plugins.module_utils._aws.reading_operations import WriteInCheckMode, is_allowed_in_check_mode
from ansible_collections.clarivum.mailing.plugins.module_utils._aws.stack import read_stack
from ansible_collections.clarivum.mailing.plugins.module_utils._core.errors import MailingError, Refusal

SECRET = "wJalrXUtnFEMIbPxRfiCYEXAMPLEKEY"
STACK = """<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult><Stacks><member>
<StackName>one</StackName><StackStatus>CREATE_COMPLETE</StackStatus><StackId>arn:x</StackId><CreationTime>2026-01-01T00:00:00Z</CreationTime>
</member></Stacks></DescribeStacksResult></DescribeStacksResponse>"""

Answer = tuple[int, str] | Exception


def error(code: str, message: str) -> tuple[int, str]:
    body = f"<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error></ErrorResponse>"
    return 400, body


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """``sent(answer, …)`` scripts what comes back; the returned list notes the bodies that went out, and pauses."""

    def scripted(*answers: Answer) -> list[str]:
        notes: list[str] = []
        left = list(answers)

        def send(_self: Any, request: botocore.awsrequest.AWSPreparedRequest) -> botocore.awsrequest.AWSResponse:
            body = request.body or b""
            notes.append(body.decode() if isinstance(body, bytes) else str(body))
            answer = left.pop(0)
            if isinstance(answer, Exception):
                raise answer
            raw: Any = Raw(answer[1].encode())
            return botocore.awsrequest.AWSResponse(request.url, answer[0], {}, raw)

        monkeypatch.setattr("botocore.httpsession.URLLib3Session.send", send)
        monkeypatch.setattr(time, "sleep", lambda seconds: notes.append(f"pause {seconds:.3f}"))
        return notes

    return scripted


class Raw:
    """The body of an answer, as urllib3 has it."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def stream(self, *_arguments: Any, **_more: Any) -> list[bytes]:
        return [self._body]


def aws(*, check_mode: bool = False, **more: Any) -> Aws:
    options = {"region": "eu-central-1", "access_key": "AKIDEXAMPLE", "secret_key": SECRET, **more}
    return Aws(Connection(**options), check_mode=check_mode)


def test_throttling_is_waited_out_with_growing_room_and_is_never_absence(sent: Callable[..., list[str]]) -> None:
    notes = sent(*[error("Throttling", "Rate exceeded")] * 3, (200, STACK))
    stack = read_stack(aws(), "one")
    assert stack is not None and stack.status == "CREATE_COMPLETE"
    assert len([note for note in notes if note.startswith("pause")]) == 3


def test_throttling_without_an_end_is_an_error_that_says_so(sent: Callable[..., list[str]]) -> None:
    sent(*[error("Throttling", "Rate exceeded")] * 20)
    with pytest.raises(AwsError, match="refused cloudformation describe_stacks: Throttling: Rate exceeded"):
        read_stack(aws(), "one")


def test_only_aws_saying_so_means_that_there_is_no_stack(sent: Callable[..., list[str]]) -> None:
    sent(error("ValidationError", "Stack with id one does not exist"))
    assert read_stack(aws(), "one") is None


def test_an_answer_that_was_lost_is_asked_for_again(sent: Callable[..., list[str]]) -> None:
    sent(botocore.exceptions.ConnectionClosedError(endpoint_url="https://x", request=None, error="reset"), (200, STACK))
    assert read_stack(aws(), "one") is not None


def test_no_secret_is_in_an_error_or_in_the_printed_connection(sent: Callable[..., list[str]]) -> None:
    token = "FwoGZXIvYXdzEBYaDEXAMPLETOKEN"
    sent(error("SignatureDoesNotMatch", f"The canonical string should have been 'x-amz-security-token:{token} {SECRET}'"))
    with pytest.raises(AwsError) as failure:
        aws(session_token=token).call("cloudformation", "describe_stacks")
    assert token not in str(failure.value) and SECRET not in str(failure.value)
    assert "clock" in str(failure.value)
    assert SECRET not in repr(Connection(secret_key=SECRET, session_token=token)) and token not in repr(Connection(session_token=token))


def test_an_answer_that_is_not_awss_is_said_to_be_none(sent: Callable[..., list[str]]) -> None:
    sent(*[(500, "<!doctype html><title>A proxy</title>")] * 20)
    with pytest.raises(AwsError):
        aws().call("cloudformation", "describe_stacks")


@pytest.mark.parametrize(
    ("operation", "parameters"),
    [
        ("delete_stack", {"StackName": "one"}),
        ("execute_change_set", {"ChangeSetName": "clarivum-1", "StackName": "one"}),
        ("create_change_set", {"ChangeSetName": "clarivum-1", "StackName": "one", "ChangeSetType": "CREATE"}),
        ("create_change_set", {"ChangeSetName": "somebody-elses", "StackName": "one", "ChangeSetType": "UPDATE"}),
        ("delete_change_set", {"ChangeSetName": "somebody-elses", "StackName": "one"}),
        ("delete_change_set", {"ChangeSetName": "arn:aws:cloudformation:eu-central-1:123456789012:changeSet/theirs/1"}),
        ("update_termination_protection", {"StackName": "one", "EnableTerminationProtection": True}),
        ("set_stack_policy", {"StackName": "one"}),
    ],
)
def test_in_check_mode_no_write_leaves_this_machine(sent: Callable[..., list[str]], operation: str, parameters: dict[str, Any]) -> None:
    notes = sent((200, STACK))
    with pytest.raises(WriteInCheckMode):
        aws(check_mode=True).call("cloudformation", operation, **parameters)
    assert not notes


def test_in_check_mode_other_services_are_held_back_too(sent: Callable[..., list[str]]) -> None:
    notes = sent((200, "{}"))
    here = aws(check_mode=True)
    with pytest.raises(WriteInCheckMode):
        here.call("s3", "put_object", Bucket="b", Key="k", Body=b"")
    with pytest.raises(WriteInCheckMode):
        here.call("ecs", "run_task", taskDefinition="t")
    assert not notes


def test_previews_of_existing_stacks_and_reading_are_allowed_in_check_mode() -> None:
    ours = {"ChangeSetName": "clarivum-1", "ChangeSetType": "UPDATE"}
    assert is_allowed_in_check_mode("cloudformation", "CreateChangeSet", ours)
    assert is_allowed_in_check_mode("cloudformation", "DeleteChangeSet", ours)
    for service, operation in [
        ("cloudformation", "DescribeStacks"),
        ("ecs", "ListTasks"),
        ("s3", "HeadObject"),
        ("logs", "FilterLogEvents"),
    ]:
        assert is_allowed_in_check_mode(service, operation, {})
    for service, operation in [("sts", "GetSessionToken"), ("ecs", "Getaway"), ("rds", "Describer")]:
        assert not is_allowed_in_check_mode(service, operation, {})


def test_every_operation_that_check_mode_allows_is_named_as_one_that_reads() -> None:
    model = Session().get_service_model("cloudformation")
    allowed = {name for name in model.operation_names if is_allowed_in_check_mode("cloudformation", name, {})}
    assert not {name for name in allowed if name.startswith(("Create", "Delete", "Update", "Execute", "Set", "Register", "Start", "Stop"))}
    assert {"DescribeStacks", "GetTemplate", "ListChangeSets", "DetectStackDrift", "ValidateTemplate"} <= allowed


def test_missing_credentials_and_region_are_said_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_DEFAULT_REGION", "AWS_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nowhere")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere")
    with pytest.raises(AwsUnreachable, match="no AWS region is given"):
        Aws(Connection()).call("cloudformation", "describe_stacks")
    with pytest.raises(AwsUnreachable, match="no usable AWS credentials"):
        Aws(Connection(region="eu-central-1")).call("cloudformation", "describe_stacks")
    with pytest.raises(AwsUnreachable, match="paperboat"):
        Aws(Connection(region="eu-central-1", profile="paperboat")).call("cloudformation", "describe_stacks")


def test_half_of_a_key_pair_and_two_identities_are_refused() -> None:
    nothing = {name: option.get("default") for name, option in AWS_OPTIONS.items()}
    with pytest.raises(Refusal, match="belong together"):
        connection_of({**nothing, "access_key": "a"})
    with pytest.raises(Refusal, match="one of the two"):
        connection_of({**nothing, "access_key": "a", "secret_key": "b", "profile": "p"})


def test_an_option_that_is_an_empty_text_is_none() -> None:
    nothing = {name: option.get("default") for name, option in AWS_OPTIONS.items()}
    assert connection_of({**nothing, "endpoint_url": "", "region": "", "profile": ""}) == Connection()


def test_absence_is_recognised_although_a_secret_happens_to_be_a_part_of_the_words(sent: Callable[..., list[str]]) -> None:
    sent(error("ValidationError", "Stack with id one does not exist"))
    assert read_stack(aws(secret_key="x"), "one") is None


def test_a_setting_that_botocore_does_not_know_is_refused() -> None:
    with pytest.raises(Refusal, match="aws_config"):
        aws(aws_config={"retires": 3}).client("cloudformation")


def test_a_missing_library_is_said_with_the_python_that_misses_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "botocore.session", None)
    with pytest.raises(MailingError, match=f"boto3 on the controller, and {sys.executable}"):
        aws().call("cloudformation", "describe_stacks")


def test_a_parameter_of_aws_may_be_called_service(sent: Callable[..., list[str]]) -> None:
    sent((200, "{}"))
    aws().call("ecs", "update_service", service="core", cluster="c")
