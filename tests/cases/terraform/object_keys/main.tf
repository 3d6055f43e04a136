locals {
  k    = "computed"
  name = "n"
}

resource "aws_sqs_queue" "q" {
  tags = {
    bare             = "1"
    "quoted"         = "2"
    (local.k)        = "3"
    "tpl-${local.k}" = "4"
    colon : "5"
    "colon-quoted" : "6",
    with-dash        = "7"
    true             = "8"
    null             = "9"
    local            = "10"
    for_x            = "11"
    1                = "12"
    (upper("up"))    = "13"
    dup              = "first"
    dup              = "last"
    "kubernetes.io/cluster/${local.name}" = "owned"
    "é"             = "decomposed becomes composed"
  }
}

resource "aws_sqs_queue" "one_line" {
  tags = { a = "1", "b" = "2", c : "3", (local.k) : "4" }
}

resource "aws_sqs_queue" "trailing" {
  tags = {
    a = "1",
    b = "2",
  }
}

resource "aws_sqs_queue" "case" {
  tags = { Owner = "1", owner = "2", OWNER = "3" }
}
