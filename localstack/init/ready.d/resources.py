"""Makes the bucket and the queues of template.yaml in an emulator that has just become ready.

The template is the one place that names them; the bucket, for which AWS makes up a name, is called as on one machine.
Run by LocalStack and by MiniStack; running it again changes nothing but what the template says differently.
"""

import json
import os
import re

import boto3
import yaml

TEMPLATE = os.environ.get("LEITO_TEMPLATE", "/etc/localstack/template.yaml")
ENDPOINT = os.environ.get("AWS_ENDPOINT_URL") or "http://" + os.environ.get("GATEWAY_LISTEN", "127.0.0.1:4566")
ACCOUNT = "000000000000"
REGION = "us-east-1"
GIVEN = {"AWS::StackName": "leito", "ArtifactsBucketName": "leito-artifacts"}


class Reader(yaml.SafeLoader):
    """YAML with CloudFormation's short tags: `!Ref X` becomes {"Ref": "X"}."""


def tagged(loader, suffix, node):
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    return {suffix: value}


Reader.add_multi_constructor("!", tagged)


def resolved(value, template):
    """A property's value, where conditions hold and parameters are GIVEN; None for what the emulator would make up."""
    if isinstance(value, list):
        return [resolved(item, template) for item in value]
    if not isinstance(value, dict):
        return value
    if "Ref" in value:
        return GIVEN.get(value["Ref"])
    if "If" in value:
        return resolved(value["If"][1], template)
    if "Sub" in value:
        return re.sub(r"\$\{(.+?)\}", lambda found: GIVEN[found[1]], value["Sub"])
    if "GetAtt" in value:
        queue = template["Resources"][value["GetAtt"].removesuffix(".Arn")]["Properties"]["QueueName"]
        return f"arn:aws:sqs:{REGION}:{ACCOUNT}:{resolved(queue, template)}"
    return {name: resolved(item, template) for name, item in value.items()}


def of_type(template, kind):
    """The properties of the resources of a type, those that others refer to first. Loops have none of these."""
    resources = [item for item in template["Resources"].values() if isinstance(item, dict)]
    found = [item["Properties"] for item in resources if item["Type"] == kind]
    return sorted(found, key=lambda properties: "RedrivePolicy" in properties)


def make_queue(sqs, properties, template):
    attributes = {}
    for attribute in ("VisibilityTimeout", "MessageRetentionPeriod"):
        if attribute in properties:
            attributes[attribute] = str(properties[attribute])
    if "RedrivePolicy" in properties:
        attributes["RedrivePolicy"] = json.dumps(resolved(properties["RedrivePolicy"], template))
    url = sqs.create_queue(QueueName=resolved(properties["QueueName"], template))["QueueUrl"]
    sqs.set_queue_attributes(QueueUrl=url, Attributes=attributes)


def main():
    with open(TEMPLATE, encoding="utf-8") as file:
        template = yaml.load(file, Loader=Reader)
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "region_name": REGION}
    s3 = boto3.client("s3", endpoint_url=ENDPOINT, **keys)
    sqs = boto3.client("sqs", endpoint_url=ENDPOINT, **keys)
    for properties in of_type(template, "AWS::S3::Bucket"):
        s3.create_bucket(Bucket=resolved(properties["BucketName"], template))
    for properties in of_type(template, "AWS::SQS::Queue"):
        make_queue(sqs, properties, template)


main()
