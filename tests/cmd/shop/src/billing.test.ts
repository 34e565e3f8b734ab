test("acme pays less", () => expect(total({ slug: "acme" }, [])).toBe(0));
