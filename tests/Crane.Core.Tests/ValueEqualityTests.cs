using System.Reflection;

namespace Crane.Core.Tests;

/// <summary>Objects that say the same are equal, with the lists and sections in them, however they were made.</summary>
public sealed class ValueEqualityTests
{
    private static readonly Type[] Types =
        [.. typeof(CraneContainer).Assembly.GetExportedTypes().Where(type => !type.IsEnum && !typeof(Exception).IsAssignableFrom(type))];

    public static TheoryData<string> Names => [.. Types.Select(type => type.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Two_that_say_the_same_are_equal(string name)
    {
        var type = TypeOf(name);
        var (one, other) = (Make(type, 1), Make(type, 1));
        Assert.NotSame(one, other);
        Assert.True(one.Equals(other));
        Assert.Equal(one.GetHashCode(), other.GetHashCode());
        Assert.True(Operator(type, "op_Equality", one, other));
        Assert.False(Operator(type, "op_Inequality", one, other));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Two_that_differ_in_one_thing_are_not(string name)
    {
        var type = TypeOf(name);
        foreach (var property in type.GetProperties().Where(property => property.GetSetMethod(nonPublic: true) is not null))
        {
            var (one, other) = (Make(type, 1), Make(type, 1));
            property.SetValue(other, Value(property.PropertyType, property.Name, 2));
            Assert.False(one.Equals(other), property.Name);
            Assert.True(Operator(type, "op_Inequality", one, other), property.Name);
        }

        Assert.False(Make(type, 1).Equals(Make(type, 2)));
        Assert.False(Make(type, 1).Equals(null));
    }

    private static Type TypeOf(string name) => Types.Single(type => type.Name == name);

    private static bool Operator(Type type, string name, object one, object other) =>
        (bool)type.GetMethod(name, BindingFlags.Public | BindingFlags.Static, [type, type])!.Invoke(null, [one, other])!;

    // An object with a value in each of its properties; those of another seed differ in all of them.
    private static object Make(Type type, int seed)
    {
        if (type == typeof(ImageName))
            return ImageName.Parse($"r.co/company/os:{seed}");
        var constructor = type.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .First(candidate => candidate.GetParameters() is var given && !(given.Length == 1 && given[0].ParameterType == type));
        var made = constructor.Invoke([.. constructor.GetParameters().Select(parameter => Value(parameter.ParameterType, parameter.Name!, seed))]);
        foreach (var property in type.GetProperties().Where(property => property.GetSetMethod(nonPublic: true) is not null))
            property.SetValue(made, Value(property.PropertyType, property.Name, seed));
        return made;
    }

    private static object Value(Type type, string name, int seed)
    {
        var given = Nullable.GetUnderlyingType(type) ?? type;
        if (given == typeof(string))
            return $"{name}-{seed}";
        if (given == typeof(bool))
            return seed == 1;
        if (given.IsEnum)
            return Enum.GetValues(given).GetValue(seed)!;
        if (given == typeof(int) || given == typeof(long))
            return Convert.ChangeType(seed, given, null);
        if (given == typeof(TimeSpan))
            return TimeSpan.FromSeconds(seed);
        if (given == typeof(DateTime))
            return DateTime.UnixEpoch.AddDays(seed);
        if (given == typeof(IReadOnlyDictionary<string, string>))
            return new Dictionary<string, string> { ["a"] = "b", [name] = $"{seed}" };
        if (given.IsGenericType && given.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
        {
            var items = Array.CreateInstance(given.GenericTypeArguments[0], 2);
            items.SetValue(Value(given.GenericTypeArguments[0], name, 1), 0);
            items.SetValue(Value(given.GenericTypeArguments[0], name, seed), 1);
            return items;
        }

        return Make(given, seed);
    }
}
