"""Holds what bespoke says of a dependency graph against networkx.

Arguments: the graph (`bespoke graph --level file --format graphml --no-packages`) and the report (`bespoke scan --format
json`) of the same tree. Ends with 1, and says where, if they differ in degrees, reach, cycles, visibility or propagation
cost.
"""

import json
import sys

import networkx

graph = networkx.read_graphml(sys.argv[1])
graph = networkx.DiGraph(graph)
with open(sys.argv[2], encoding="utf-8") as file:
    report = json.load(file)

wrong = []


def same(what, ours, theirs):
    if ours != theirs:
        wrong.append(f"{what}: bespoke says {ours}, networkx {theirs}")


files = {entry["path"]: entry["dependencies"] for entry in report["files"]}
same("files", sorted(files), sorted(graph.nodes))

closure = networkx.transitive_closure(graph, reflexive=True)
backwards = graph.reverse(copy=False)
for path, ours in files.items():
    same(f"{path} afferent", ours["afferent"], graph.in_degree(path))
    near = networkx.single_source_shortest_path_length(backwards, path, cutoff=2)
    same(f"{path} reach", ours["reach"], len(near) - 1)
    same(f"{path} sees", ours["sees"], closure.out_degree(path))
    same(f"{path} visible_to", ours["visible_to"], closure.in_degree(path))

count = len(files)
cost = closure.number_of_edges() / count**2 if count else None
ours = report["structure"].get("propagation_cost")
if (ours is None) != (cost is None) or (cost is not None and abs(ours - cost) > 1e-6):
    same("propagation cost", ours, cost)

cycles = [sorted(part) for part in networkx.strongly_connected_components(graph) if len(part) > 1]
same("cycles", sorted(sorted(cycle["files"]) for cycle in report["structure"]["cycles"]), sorted(cycles))
for cycle in report["structure"]["cycles"]:
    rest = graph.subgraph(cycle["files"]).copy()
    rest.remove_edges_from((cut["from"], cut["to"]) for cut in cycle["cut"])
    same(f"acyclic without the cut of {cycle['files'][0]}", True, networkx.is_directed_acyclic_graph(rest))

outside = {}
for entry in report["components"]:
    outside[entry["name"]] = (entry["afferent"], entry["reach"])
component = {entry["path"]: entry["component"] for entry in report["files"]}
for name, ours in outside.items():
    inside = {path for path in files if component[path] == name}
    users = {user for path in inside for user in graph.predecessors(path)} - inside
    near = {
        user
        for path in inside
        for user in networkx.single_source_shortest_path_length(backwards, path, cutoff=2)
    } - inside
    same(f"component {name}", ours, (len(users), len(near)))

for line in wrong[:20]:
    print(line)
print(f"networkx: {count} files, {graph.number_of_edges()} dependencies, {len(cycles)} cycles, {len(wrong)} differences")
sys.exit(bool(wrong))
