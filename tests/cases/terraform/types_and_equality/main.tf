variable "untyped_number" {
  default = 3
}

variable "typed" {
  type    = string
  default = 3
}

variable "list" {
  type    = list(string)
  default = [1, true, "x"]
}

resource "aws_sqs_queue" "q" {
  tags = {
    num_eq_str   = 1 == "1"
    untyped      = "3" == var.untyped_number
    typed        = "3" == var.typed
    bool_eq      = true == "true"
    list_eq      = tolist(["a"]) == ["a"]
    compare      = "10" > 9
    contains     = contains(["5"], 5)
    contains_mix = contains(["1", 5], 5)
    unify        = true ? 1 : "b"
    converted    = join(",", var.list)
    not          = !false
    and_or       = true && false || true
    null_eq      = null == null
    neq          = "a" != "b"
    ternary      = var.typed == "3" ? "three" : "other"
    arithmetic   = "4" + 1
    neg          = -var.untyped_number
  }
}

resource "aws_sqs_queue" "unified_maps" {
  tags = true ? { A = 1, B = true } : { A = "x", C = "y" }
}

resource "aws_sqs_queue" "bools" {
  tags = { t = true, f = false }
}
