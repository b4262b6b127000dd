# What CloudFormation would say of the templates; sourced by ./dev.
# shellcheck shell=sh disable=SC2154 # the variables are dev's

lint_templates() {
    need_venv "$deploy_tools" infra/deploy-tools.txt "the SAM tools"
    "$deploy_tools/bin/cfn-lint" infra/*.yaml
    # with what SAM makes of it, and cfn-lint on the whole
    AWS_DEFAULT_REGION=us-east-1 SAM_CLI_TELEMETRY=0 "$deploy_tools/bin/sam" validate --lint
}
