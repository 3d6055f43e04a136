variable "name" {
  default = "n"
}

resource "aws_sqs_queue" "plain" {
  tags = {
    a = <<EOT
line one
  line two ${var.name}
EOT
    b = <<-EOT
      indented
        more

      end
    EOT
    c = trimspace(<<-EOT
      trimmed
    EOT
    )
    d = <<-EOT
      %{if var.name == "n"~}
      yes
      %{else~}
      no
      %{endif~}
      %{for x in ["a", "b"]~}
      ${x}
      %{endfor~}
    EOT
    e = <<EOT
not \n escaped, "quotes", $${literal} %%{literal}
EOT
  }
}

resource "aws_sqs_queue" "json" {
  tags = jsondecode(<<EOT
{"k": "${var.name}", "n": 1.50, "b": true}
EOT
  )
}

resource "aws_sqs_queue" "empty" {
  tags = {
    empty = <<EOT
EOT
    "after" : "heredoc"
  }
}
