// Package store keeps an audit in a folder that several processes, on one machine
// or on many, fill at the same time, and that may be continued after any of them
// was killed:
//
//	manifest.json        what everyone must agree on, written once by whoever comes first
//	items-HASH.tsv       the frozen list of what is audited, in order
//	labels-HASH.json     what labels say of the items, where there are labels
//	rows/ab/KEY.json     a row for each item, written whole; the same whoever writes it
//	maps/ab/KEY.npy      its map, 32×32 cells of the picture; written before the row
//	features/ab/KEY.npy  its penultimate activations, where the model has them; as the map
//	errors/ab/KEY.json   why an item has no row
//	rows/*.jsonl         the same four as lines , where there are more than 20,000 items
//	shards/*.json        what each process did: for information only
//
// A row depends on its item, the model and the settings alone, so it does not matter
// who writes it, how often, or in which order. Nothing in a folder holds times or
// hosts but shards/.
package store
