variable "name" {
  type = string
}

variable "memory" {
  type = number
}

variable "tags" {
  type    = map(string)
  default = {}
}

resource "aws_iam_role" "this" {
  name = "visual-search-${var.name}"
  tags = var.tags

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Action    = "sts:AssumeRole"
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
    }]
  })
}

resource "aws_lambda_function" "this" {
  function_name = "visual-search-${var.name}"
  role          = aws_iam_role.this.arn
  package_type  = "Image"
  image_uri     = "123456789012.dkr.ecr.us-east-1.amazonaws.com/visual-search:${var.name}"
  memory_size   = var.memory
  timeout       = 60

  tags = merge({ component = var.name }, var.tags)
}
