"""One rule of AWS that the emulator does not know: SQS has no rights for batches, a batch needs the right of the single
call. Python reads this when the emulator starts; without it, it would ask for `sqs:SendMessageBatch`, which no policy can
name.
"""

try:
    from ministack.core import iam_actions
except ImportError:  # another Python that was started with this environment
    iam_actions = None

if iam_actions:
    extract = iam_actions.extract_iam_action

    def extract_iam_action(*request):
        action = extract(*request)
        return action.removesuffix("Batch") if action and action.startswith("sqs:") else action

    iam_actions.extract_iam_action = extract_iam_action
