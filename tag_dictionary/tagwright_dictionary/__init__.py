"""The contract every gate shares: the tag dictionary, the resource model, the catalogue and `judge`.

Import from the submodules (`tagwright_dictionary.model`, `.dictionary`, `.judging`, `.loading`, `.catalogue`); this
package imports nothing by itself, so that the hook starts fast.
"""
