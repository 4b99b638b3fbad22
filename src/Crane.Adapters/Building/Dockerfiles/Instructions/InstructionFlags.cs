using Crane.Errors;

namespace Crane.Adapters.Building.Dockerfiles.Instructions;

/// <summary>The flags of one instruction. Their names' case matters.</summary>
internal sealed class InstructionFlags
{
    private static readonly Dictionary<string, Dictionary<string, FlagKind>> _known = new()
    {
        ["FROM"] = new() { ["platform"] = FlagKind.Text },
        ["COPY"] = new()
        {
            ["from"] = FlagKind.Text,
            ["chown"] = FlagKind.Text,
            ["chmod"] = FlagKind.Text,
            ["link"] = FlagKind.Switch,
            ["parents"] = FlagKind.Switch,
            ["exclude"] = FlagKind.Texts,
        },
        ["ADD"] = new()
        {
            ["chown"] = FlagKind.Text,
            ["chmod"] = FlagKind.Text,
            ["link"] = FlagKind.Switch,
            ["keep-git-dir"] = FlagKind.Switch,
            ["checksum"] = FlagKind.Text,
            ["unpack"] = FlagKind.Switch,
            ["exclude"] = FlagKind.Texts,
        },
        ["RUN"] = new()
        {
            ["mount"] = FlagKind.Texts,
            ["network"] = FlagKind.Text,
            ["security"] = FlagKind.Text,
            ["device"] = FlagKind.Texts,
        },
        ["HEALTHCHECK"] = new()
        {
            ["interval"] = FlagKind.Text,
            ["timeout"] = FlagKind.Text,
            ["start-period"] = FlagKind.Text,
            ["start-interval"] = FlagKind.Text,
            ["retries"] = FlagKind.Text,
        },
    };

    private readonly Dictionary<string, List<string>> _values = [];

    /// <param name="keyword">The instruction.</param>
    /// <param name="flags">Its flags as written.</param>
    /// <exception cref="DockerfileFault">A flag that it does not have, one twice, a value it cannot have.</exception>
    public InstructionFlags(string keyword, IReadOnlyList<string> flags)
    {
        var known = _known.GetValueOrDefault(keyword) ?? [];
        foreach (var flag in flags)
        {
            var parts = flag.Split('=', 2);
            var (written, value) = (parts[0], parts.Length > 1 ? parts[1] : null);
            var name = written[2..];
            if (!known.TryGetValue(name, out var kind))
                throw new DockerfileFault($"{keyword} has no flag {VisibleText.Quote(written)}", Advice(known, name));
            if (!_values.TryGetValue(name, out var values))
                _values.Add(name, values = []);
            else if (kind != FlagKind.Texts)
                throw new DockerfileFault($"the flag {VisibleText.Quote(written)} is given a second time");
            if (!IsValue(kind, value))
                throw new DockerfileFault($"the flag '{written}' {(value is null or "" ? "has no value" : "is true or false")}");
            values.Add(value ?? "");
        }
    }

    /// <summary>Whether an instruction has a flag.</summary>
    /// <param name="keyword">The instruction.</param>
    /// <param name="flag">The flag as written, with its value.</param>
    public static bool IsKnown(string keyword, string flag) =>
        _known.TryGetValue(keyword, out var known) && known.ContainsKey(flag.Split('=', 2)[0][2..]);

    /// <summary>The value of a flag given once; empty where it is not.</summary>
    public string Text(string name) => Texts(name) is [var value, ..] ? value : "";

    /// <summary>The values of a flag.</summary>
    public IReadOnlyList<string> Texts(string name) => _values.GetValueOrDefault(name) ?? [];

    private static bool IsValue(FlagKind kind, string? value) => kind == FlagKind.Switch
        ? value is null || value.ToLowerInvariant() is "true" or "false"
        : value is not null;

    private static string? Advice(Dictionary<string, FlagKind> known, string name) =>
        NearMatch.Among(known.Keys, name) is [var near, ..] ? $"Did you mean '--{near}'?"
        : known.Count > 0 ? $"It has {string.Join(", ", known.Keys.Select(flag => $"--{flag}"))}."
        : null;
}
