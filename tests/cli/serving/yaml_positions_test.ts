import { assertEquals } from "@std/assert";
import { yamlPositions } from "../../../src/cli/serving/yaml_positions.ts";

const TEXT = `# a comment
variables:
  user: ann
  "pass word": x
steps:
- expect: "login: "
- send: hello
  enter: false

- expect:
    - text: "$ "
    - pattern: wrong
      then:
        - fail: no
  timeout: 5
- { send: flow, enter: true }
-   set:
      a: b
`;

Deno.test("values are found in block style, and what holds them in flow style", () => {
  const cases: [path: (string | number)[], line: number, column: number][] = [
    [[], 1, 1],
    [["variables"], 2, 1],
    [["variables", "user"], 3, 3],
    [["variables", "pass word"], 4, 3],
    [["steps", 0], 6, 1],
    [["steps", 0, "expect"], 6, 3],
    [["steps", 1, "enter"], 8, 3],
    [["steps", 2, "expect", 1, "then", 0, "fail"], 14, 11],
    [["steps", 2, "timeout"], 15, 3],
    [["steps", 3, "enter"], 16, 1],
    [["steps", 4, "set", "a"], 18, 7],
    [["steps", 9], 5, 1],
    [["nothing", "here"], 1, 1],
  ];
  const positionOf = yamlPositions(TEXT);
  for (const [path, line, column] of cases) {
    assertEquals(positionOf(path), { line, column }, path.join("."));
  }
});
