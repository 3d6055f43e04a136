package main

import rego.v1

is_class(resource, class) if class in resource.entry.classes

is_class(resource, "gpu") if {
	some rule in resource.entry.gpu
	some written in deciding(resource, rule)
	accelerated(rule.kind, lower(trim_space(written)))
}

# Neither proven nor excluded: a value that is not known yet, or that is in no table.
may_be_class(resource, "gpu") if {
	not is_class(resource, "gpu")
	some rule in resource.entry.gpu
	some written in deciding(resource, rule)
	text := lower(trim_space(written))
	text != ""
	not accelerated(rule.kind, text)
	not excluded(rule.kind, text)
}

may_be_class(resource, "gpu") if {
	not is_class(resource, "gpu")
	some rule in resource.entry.gpu
	not rule.known
	some flag in at_path(resource.unknown, rule.path)
	flag == true
}

deciding(resource, rule) := [written |
	some written in at_path(resource.after, rule.path)
	is_string(written)
	not overridden(resource, rule)
	not none_of_them(resource, rule)
]

overridden(resource, rule) if {
	rule.unless != ""
	some written in at_path(resource.after, rule.unless)
	written != ""
	written != null
}

none_of_them(resource, rule) if {
	rule.zero != ""
	counts := at_path(resource.after, rule.zero)
	count(counts) > 0
	count([amount | some amount in counts; not amount in {0, "0"}]) == 0
}

at_path(node, wanted) := [item |
	walk(node, [path, found])
	concat(".", [part | some part in path; is_string(part)]) == wanted
	some item in leaves(found)
]

leaves(found) := found if is_array(found)

leaves(found) := [found] if {
	not is_array(found)
	not is_object(found)
}

accelerated("aws-instance", text) if family(text) in book.accelerators.aws.accelerators

accelerated("google-machine", text) if machine(text) in book.accelerators.google.accelerators

accelerated("azure-size", text) if series(size(text)) in book.accelerators.azure.accelerators

accelerated("gpu-word", text) if {
	some word in split(replace(text, "-", "_"), "_")
	word in {"gpu", "inferenceaccelerator", "neuron", "neuroncore", "neurondevice", "nvidia"}
}

accelerated("present", text) if not text in {"", "accelerator_type_unspecified", "none"}

excluded("aws-instance", text) if general("aws", family(text))

excluded("google-machine", text) if general("google", machine(text))

excluded("azure-size", text) if {
	not accelerated("azure-size", text)
	substring(series(size(text)), 0, 1) in book.accelerators.azure.general
	size(text) != series(size(text))
}

excluded("gpu-word", text) if not accelerated("gpu-word", text)

excluded("present", text) if not accelerated("present", text)

general(cloud, name) if name in book.accelerators[cloud].words

general(cloud, name) if {
	not name in book.accelerators[cloud].accelerators
	series(name) in book.accelerators[cloud].general
}

family(text) := split(trim_prefix(text, "ml."), ".")[0]

machine(text) := split(regex.replace(text, "^.*/", ""), "-")[0]

size(text) := trim_prefix(trim_prefix(text, "standard_"), "basic_")

series(text) := regex.replace(text, "[^a-z].*$", "")
