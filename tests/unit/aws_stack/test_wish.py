# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bad input gets a sentence before AWS is asked anything; large templates go through a bucket."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.clarivum.mailing.plugins.module_utils._aws.template import INLINE_LIMIT, parse_template
from ansible_collections.clarivum.mailing.plugins.module_utils._core.errors import Refusal
from tests.scripted_cloudformation import ScriptedCloudFormation, refusal

TEMPLATE = "Resources:\n  Group: {Type: AWS::Test::Group}\n"
LARGE = TEMPLATE + "# " + "x" * INLINE_LIMIT + "\n"


@pytest.fixture
def aws() -> ScriptedCloudFormation:
    return ScriptedCloudFormation()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"name": "7days", "template_body": TEMPLATE}, "'7days' is no name of a stack"),
        ({"template_body": TEMPLATE, "timeout": 0.0}, "timeout is 0.0"),
        ({"template_body": "Resources: {"}, r"template_body, line \d+, column \d+: this is no YAML"),
        ({"template_body": '{"Resources": '}, "this is neither JSON nor YAML"),
        ({"template_body": "just words"}, "a CloudFormation template is a mapping"),
        ({"template_body": "Resources: {Group: {Properties: {}}}"}, "Group has no Type"),
        ({"template_body": LARGE}, r"has 51\d+ bytes; CloudFormation takes 51200 of them directly"),
        ({"template_body": TEMPLATE + "# " + "x" * 1_100_000}, "takes 1048576 at most"),
        ({"template_body": TEMPLATE, "tags": {"a": ["b"]}}, "The tag a must be a text"),
        ({"template_body": TEMPLATE, "tags": {f"t{number}": "x" for number in range(51)}}, "51 tags; a stack takes 50"),
        ({"template_body": TEMPLATE, "allow_replacement": ["my-db"]}, "'my-db' is no logical id"),
    ],
)
def test_what_no_aws_would_take_is_refused(aws: ScriptedCloudFormation, options: dict[str, Any], message: str) -> None:
    for check in (True, False):
        with pytest.raises(Refusal, match=message):
            aws.run(check=check, **options)
        assert not aws.calls


def test_a_template_that_is_no_text_is_refused(aws: ScriptedCloudFormation, tmp_path: Path) -> None:
    path = tmp_path / "stack.template"
    path.write_bytes(TEMPLATE.encode() + b"# \xff\n")
    with pytest.raises(Refusal, match="UTF-8 text; byte"):
        aws.run(template=str(path))


def test_a_template_may_be_a_file_a_text_json_or_a_dictionary(aws: ScriptedCloudFormation, tmp_path: Path) -> None:
    path = tmp_path / "stack.template"
    path.write_bytes(TEMPLATE.encode())
    as_json = '{"Resources": {"Group": {"Type": "AWS::Test::Group"}}}'
    for options in (
        {"template": str(path)},
        {"template_body": as_json},
        {"template_body": {"Resources": {"Group": {"Type": "AWS::Test::Group"}}}},
    ):
        assert [each["logical_id"] for each in aws.run(check=True, **options)["changes"]] == ["Group"]


def test_short_forms_and_long_forms_mean_the_same() -> None:
    short = parse_template("Resources: {A: {Type: T, Properties: {X: !GetAtt B.C.D, Y: !Sub 'a${B}', Z: !Ref B}}}", "short").content
    long = {"X": {"Fn::GetAtt": ["B", "C.D"]}, "Y": {"Fn::Sub": "a${B}"}, "Z": {"Ref": "B"}}
    assert short["Resources"]["A"]["Properties"] == long


def test_the_date_of_the_format_stays_text() -> None:
    content = parse_template("AWSTemplateFormatVersion: 2010-09-09\n" + TEMPLATE, "t").content
    assert content["AWSTemplateFormatVersion"] == "2010-09-09"


class Bucket(ScriptedCloudFormation):
    """With an S3 beside it."""

    def client(self, _service: str) -> Any:
        return self

    def generate_presigned_url(self, _operation: str, Params: dict[str, str], **_more: Any) -> str:  # noqa: N803
        return f"https://{Params['Bucket']}.s3.eu-central-1.amazonaws.com/{Params['Key']}?X-Amz-Signature=abc"

    def _head_object(self, **_parameters: Any) -> dict[str, Any]:
        raise refusal("404", "Not Found")

    def _put_object(self, **_parameters: Any) -> dict[str, Any]:
        return {}


def test_a_large_template_is_put_into_the_bucket_and_named_by_its_contents() -> None:
    aws = Bucket()
    aws.operation = [(aws.name, "CREATE_COMPLETE", "")]
    aws.run(template_body=LARGE, template_bucket="templates")
    sent = dict(aws.calls)
    assert sent["put_object"]["Body"] == LARGE.encode()
    url = sent["create_change_set"]["TemplateURL"]
    assert url.startswith("https://templates.s3.eu-central-1.amazonaws.com/cloudformation-templates/") and "Signature" not in url
    assert "TemplateBody" not in sent["create_change_set"]


def test_check_mode_uploads_nothing_and_reads_the_two_templates_instead() -> None:
    aws = Bucket().given("UPDATE_COMPLETE", template="Resources:\n  Group: {Type: AWS::Test::Group, Properties: {Days: 7}}\n")
    wanted = LARGE.replace("AWS::Test::Group}", "AWS::Test::Group, Properties: {Days: 14}}")
    result = aws.run(check=True, template_body=wanted, template_bucket="templates")
    assert not aws.writes and "create_change_set" not in dict(aws.calls)
    assert "  Days: 7" in result["diff"]["before"] and "  Days: 14" in result["diff"]["after"]
    assert "the template was uploaded" in " ".join(result["warnings"])


def test_check_mode_previews_a_large_template_that_is_already_in_the_bucket() -> None:
    aws = Bucket().given("UPDATE_COMPLETE", template=TEMPLATE)
    aws._head_object = lambda **_parameters: {}  # type: ignore[method-assign]
    aws.run(check=True, template_body=LARGE, template_bucket="templates")
    assert "TemplateURL" in dict(aws.calls)["create_change_set"] and not aws.writes
