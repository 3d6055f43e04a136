# Values of different types are never equal, even where one is not known.
resource "terraform_data" "seed" {}
resource "aws_s3_bucket" "b" {}
variable "s" {
  type = string
}
variable "any" {}
resource "aws_sqs_queue" "c" {
  tags = {
    str_true  = true == aws_s3_bucket.b.arn
    str_num   = 1 == aws_s3_bucket.b.arn
    str_list  = aws_s3_bucket.b.arn == ["a"]
    str_map   = aws_s3_bucket.b.arn == {}
    str_str   = aws_s3_bucket.b.arn == "x"
    var_true  = true == var.s
    any_true  = true == var.any
    cond      = (aws_s3_bucket.b.arn == "x") == "true"
    len       = length(aws_s3_bucket.b.arn) == "3"
    neq       = true != var.s
    contains  = contains([1, 2], var.s)
    index     = contains(["a"], length(var.s))
    each      = length([for x in [var.s, "b"] : x if x == true])
    tpl       = "${var.s}" == 1
    list_list = [var.s] == ["a", "b"]
    obj       = { a = var.s } == { b = 1 }
    obj2      = { a = var.s } == { a = 1 }
  }
}
