# What is unknown and yet certainly not null, and what is not: only Terraform's own refinements tell.
resource "terraform_data" "u" {}

resource "terraform_data" "v" {
  input = "x"
}

locals {
  u = terraform_data.u.id
}

resource "aws_sqs_queue" "q" {
  tags = {
    "u" = (local.u) == null
    "upper-u" = (upper(local.u)) == null
    "md-u" = (md5(local.u)) == null
    "format-s-u" = (format("%s",local.u)) == null
    "join-u" = (join(",",[local.u])) == null
    "tostring-u" = (tostring(local.u)) == null
    "u" = ("${local.u}") == null
    "strrev-u" = (strrev(local.u)) == null
    "trimspace-u" = (trimspace(local.u)) == null
    "jsonencode-u" = (jsonencode(local.u)) == null
    "jsondecode-u" = (jsondecode(local.u)) == null
    "split-u" = (split(",",local.u)) == null
    "sort-u" = (sort([local.u])) == null
    "toset-u" = (toset([local.u])) == null
    "u" = ([local.u]) == null
    "length-u" = (length(local.u)) == null
    "length-u" = (length(local.u)+1) == null
    "u-x" = (local.u=="x") == null
    "u-x" = (!(local.u=="x")) == null
    "u-x-true" = ((local.u=="x")||true) == null
    "coalesce-u-x" = (coalesce(local.u,"x")) == null
    "try-u-x" = (try(local.u,"x")) == null
    "can-u" = (can(local.u)) == null
    "u-x-a-b" = ((local.u=="x"?"a":"b")) == null
    "u-x-a-null" = ((local.u=="x"?"a":null)) == null
    "title-u" = (title(local.u)) == null
    "replace-u-a-b" = (replace(local.u,"a","b")) == null
    "substr-u" = (substr(local.u,0,1)) == null
    "trimprefix-u-a" = (trimprefix(local.u,"a")) == null
    "lookup-a-u-a-x" = (lookup({a=local.u},"a","x")) == null
    "element-u" = (element([local.u],0)) == null
    "concat-u" = (concat([local.u],[])) == null
    "merge-jsondecode-u" = (merge({},jsondecode(local.u))) == null
    "contains-a-u" = (contains(["a"],local.u)) == null
    "startswith-u-a" = (startswith(local.u,"a")) == null
    "tonumber-u" = (tonumber(local.u)) == null
    "keys-jsondecode-u" = (keys(jsondecode(local.u))) == null
    "for-x-in-jsondecode-u-x" = ([for x in jsondecode(local.u): x]) == null
    "for-x-in-a-u-x" = ({for x in ["a",local.u]: x=>1}) == null
    "yamldecode-u" = (yamldecode(local.u)) == null
    "yamlencode-u" = (yamlencode(local.u)) == null
    "base-encode-u" = (base64encode(local.u)) == null
    "substr-a-length-u" = (substr("a",0,length(local.u))) == null
    "terraform-data-u-output" = (terraform_data.u.output) == null
    "terraform-data-v-output" = (terraform_data.v.output) == null
    "one-u" = (one([local.u])) == null
    "max-length-u" = (max(1,length(local.u))) == null
    "chomp-u" = (chomp(local.u)) == null
    "indent-u" = (indent(1,local.u)) == null
    "timestamp" = (timestamp()) == null
    "uuid" = (uuid()) == null
    "distinct-u" = (distinct([local.u])) == null
    "flatten-u-jsondecode-u" = (flatten([local.u,jsondecode(local.u)])) == null
    "reverse-u" = (reverse([local.u])) == null
    "zipmap-u" = (zipmap([local.u],[1])) == null
    "tomap-a-u" = (tomap({a=local.u})) == null
    "regex-a-u" = (regex("a",local.u)) == null
    "regexall-a-u" = (regexall("a",local.u)) == null
    "sensitive-u" = (sensitive(local.u)) == null
  }
}
