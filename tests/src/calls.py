"""Calls of AWS, one after the other, each by the account itself or under a role; what came of each.

Reads a list of {"role": ARN or null, "service", "operation", "parameters"} as JSON, and writes a list of
{"answer": …} or {"refused": code, "message": …}. Where AWS is and whose account it is come from the environment.
"""

import functools
import json
import sys

import boto3
from botocore.exceptions import ClientError


@functools.cache
def session(role):
    """The account's own keys, or those of a role taken on."""
    if role is None:
        return boto3.Session()
    keys = boto3.client("sts").assume_role(RoleArn=role, RoleSessionName="tests")["Credentials"]
    return boto3.Session(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])


@functools.cache
def client(role, service):
    return session(role).client(service)


def outcome(call):
    try:
        operation = getattr(client(call["role"], call["service"]), call["operation"])
        answer = operation(**call["parameters"])
    except ClientError as error:
        return {"refused": error.response["Error"]["Code"], "message": str(error)}
    answer.pop("ResponseMetadata", None)
    return {"answer": answer}


def plain(value):
    """What JSON has no form for: a body as its text, a time as people write it."""
    return value.read().decode() if hasattr(value, "read") else str(value)


json.dump([outcome(call) for call in json.load(sys.stdin)], sys.stdout, default=plain)
