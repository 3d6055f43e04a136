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
    "01-u" = (local.u) == null
    "02-upper-u" = (upper(local.u)) == null
    "03-md-u" = (md5(local.u)) == null
    "04-format-s-u" = (format("%s",local.u)) == null
    "05-join-u" = (join(",",[local.u])) == null
    "06-tostring-u" = (tostring(local.u)) == null
    "07-u" = ("${local.u}") == null
    "08-strrev-u" = (strrev(local.u)) == null
    "09-trimspace-u" = (trimspace(local.u)) == null
    "10-jsonencode-u" = (jsonencode(local.u)) == null
    "11-jsondecode-u" = (jsondecode(local.u)) == null
    "12-split-u" = (split(",",local.u)) == null
    "13-sort-u" = (sort([local.u])) == null
    "14-toset-u" = (toset([local.u])) == null
    "15-u" = ([local.u]) == null
    "16-length-u" = (length(local.u)) == null
    "17-length-u" = (length(local.u)+1) == null
    "18-u-x" = (local.u=="x") == null
    "19-u-x" = (!(local.u=="x")) == null
    "20-u-x-true" = ((local.u=="x")||true) == null
    "21-coalesce-u-x" = (coalesce(local.u,"x")) == null
    "22-try-u-x" = (try(local.u,"x")) == null
    "23-can-u" = (can(local.u)) == null
    "24-u-x-a-b" = ((local.u=="x"?"a":"b")) == null
    "25-u-x-a-null" = ((local.u=="x"?"a":null)) == null
    "26-title-u" = (title(local.u)) == null
    "27-replace-u-a-b" = (replace(local.u,"a","b")) == null
    "28-substr-u" = (substr(local.u,0,1)) == null
    "29-trimprefix-u-a" = (trimprefix(local.u,"a")) == null
    "30-lookup-a-u-a-x" = (lookup({a=local.u},"a","x")) == null
    "31-element-u" = (element([local.u],0)) == null
    "32-concat-u" = (concat([local.u],[])) == null
    "33-merge-jsondecode-u" = (merge({},jsondecode(local.u))) == null
    "34-contains-a-u" = (contains(["a"],local.u)) == null
    "35-startswith-u-a" = (startswith(local.u,"a")) == null
    "36-tonumber-u" = (tonumber(local.u)) == null
    "37-keys-jsondecode-u" = (keys(jsondecode(local.u))) == null
    "38-for-x-in-jsondecode-u-x" = ([for x in jsondecode(local.u): x]) == null
    "39-for-x-in-a-u-x" = ({for x in ["a",local.u]: x=>1}) == null
    "40-yamldecode-u" = (yamldecode(local.u)) == null
    "41-yamlencode-u" = (yamlencode(local.u)) == null
    "42-base-encode-u" = (base64encode(local.u)) == null
    "43-substr-a-length-u" = (substr("a",0,length(local.u))) == null
    "44-terraform-data-u-output" = (terraform_data.u.output) == null
    "45-terraform-data-v-output" = (terraform_data.v.output) == null
    "46-one-u" = (one([local.u])) == null
    "47-max-length-u" = (max(1,length(local.u))) == null
    "48-chomp-u" = (chomp(local.u)) == null
    "49-indent-u" = (indent(1,local.u)) == null
    "50-timestamp" = (timestamp()) == null
    "51-uuid" = (uuid()) == null
    "52-distinct-u" = (distinct([local.u])) == null
    "53-flatten-u-jsondecode-u" = (flatten([local.u,jsondecode(local.u)])) == null
    "54-reverse-u" = (reverse([local.u])) == null
    "55-zipmap-u" = (zipmap([local.u],[1])) == null
    "56-tomap-a-u" = (tomap({a=local.u})) == null
    "57-regex-a-u" = (regex("a",local.u)) == null
    "58-regexall-a-u" = (regexall("a",local.u)) == null
    "59-sensitive-u" = (sensitive(local.u)) == null
  }
}
