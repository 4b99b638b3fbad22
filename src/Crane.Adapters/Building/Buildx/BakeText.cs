namespace Crane.Adapters.Building.Buildx;

/// <summary>
/// Text that bake takes as it is. The strings of a bake file in JSON are templates of HCL, the names of objects among them:
/// <c>${</c> and <c>%{</c> begin something to be evaluated, unless their first character is doubled
/// (https://github.com/hashicorp/hcl/blob/main/json/spec.md).
/// </summary>
internal static class BakeText
{
    public static string Literal(string text) =>
        text.Replace("${", "$${", StringComparison.Ordinal).Replace("%{", "%%{", StringComparison.Ordinal);
}
