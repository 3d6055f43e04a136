variable "list" {
  default = ["a", "b"]
}

variable "flag" {
  default = true
}

resource "aws_sqs_queue" "q" {
  tags = {
    simple   = "${"inner"}"
    number   = "${1 + 1}"
    bare     = 1 + 1
    strip    = "a  ${~"b"~}  c"
    if       = "%{if var.flag}on%{else}off%{endif}"
    if_only  = "x%{if !var.flag}never%{endif}y"
    for      = "%{for x in var.list}<${x}>%{endfor}"
    for_kv   = "%{for k, v in { x = 1, y = 2 }}${k}=${v};%{endfor}"
    nested   = "a-${var.flag ? "yes-${join("+", var.list)}" : "no"}"
    escapes  = "tab\tquote\"back\\slash\u00e9\U0001F600"
    literal  = "$${x} %%{y} $x %y $$ %%"
    unicode  = "日本"
    bool     = "${true}"
    empty    = ""
    dollars  = "$$${"
    dollars2 = "$$${x}"
    function = "v${format("%03d", 7)}"
  }
}
