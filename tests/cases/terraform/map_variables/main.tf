variable "map" {
  type = map(string)
  default = {
    n = 1
    b = true
  }
}

variable "any" {
  type    = any
  default = { n = 1, l = ["x"] }
}

variable "set" {
  type    = set(string)
  default = ["b", "a", "b"]
}

variable "tuple" {
  type    = tuple([string, number])
  default = ["1", "2"]
}

variable "nested" {
  type = map(map(string))
  default = {
    x = { k = 1 }
  }
}

variable "opt" {
  type = object({
    name = string
    conf = optional(object({
      size = optional(number, 5)
      tags = optional(map(string), { d = "default" })
    }), {})
    list = optional(list(object({ k = string, v = optional(string, "vv") })), [])
  })
  default = {
    name = "n"
    list = [{ k = "kk" }]
  }
}

resource "aws_sqs_queue" "q" {
  tags = merge(var.map, {
    any   = var.any.n
    l     = var.any.l[0]
    set   = join(",", var.set)
    tuple = var.tuple[0] + var.tuple[1]
    deep  = var.nested["x"].k
    size  = var.opt.conf.size
    listv = var.opt.list[0].v
  }, var.opt.conf.tags)
}

resource "aws_sqs_queue" "type_conversions" {
  tags = { for s in tolist(var.set) : s => length(var.set) }
}
